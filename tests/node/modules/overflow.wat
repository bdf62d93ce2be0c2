;; Stores below address 0, as a C program does whose stack has overflowed.
(module (memory (export "memory") 2 2)
  (global $stack (mut i32) (i32.const 64))
  (func $recurse
    (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
    (i32.store (global.get $stack) (i32.const 1))
    (call $recurse))
  (func (export "_start") (call $recurse)))
