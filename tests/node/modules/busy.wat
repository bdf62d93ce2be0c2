;; Never rests: uses all the cpu it is given.
(module
  (memory (export "memory") 1 1)
  (func (export "_start")
    (loop $again
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br $again))))
