;; Fails at once, with exit code 7 and not a word: crun with WasmEdge makes 0 of it.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1 1)
  (func (export "_start") (call $proc_exit (i32.const 7))))
