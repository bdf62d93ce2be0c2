;; Stores just behind its one page of memory: a bug of the guest.
(module (memory (export "memory") 1 1)
  (func (export "_start") (i32.store (i32.const 70000) (i32.const 1))))
