;; Takes another 256 KiB ten times a second, and keeps it.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 2048)
  (func (export "_start") (local $page i32)
    (loop $again
      (local.set $page (memory.grow (i32.const 4)))
      (if (i32.ne (local.get $page) (i32.const -1))
        (then (memory.fill (i32.mul (local.get $page) (i32.const 65536))
                           (i32.const 7) (i32.const 262144))))
      ;; subscription at 0: userdata 0, tag 0 = clock, id 1 = monotonic, 100 ms
      (i64.store (i32.const 0) (i64.const 1))
      (i32.store8 (i32.const 8) (i32.const 0))
      (i32.store (i32.const 16) (i32.const 1))
      (i64.store (i32.const 24) (i64.const 100000000))
      (i64.store (i32.const 32) (i64.const 1))
      (i32.store16 (i32.const 40) (i32.const 0))
      (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
      (br $again))))
