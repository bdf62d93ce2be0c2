;; Touches page after page until the kernel ends it.
(module (memory (export "memory") 1 4096)
  (func (export "_start") (local $page i32)
    (loop $more
      (drop (memory.grow (i32.const 1)))
      (i32.store (i32.mul (local.get $page) (i32.const 65536)) (i32.const 1))
      (memory.fill (i32.mul (local.get $page) (i32.const 65536)) (i32.const 7) (i32.const 65536))
      (local.set $page (i32.add (local.get $page) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $page) (i32.const 4095))))))
