;; Looks its first argument up as a host, its second as a service, as WasmEdge's sockets
;; do it, every other second; says what comes of it as the socket crate's programs do.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_getaddrinfo"
    (func $sock_getaddrinfo (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 4)
  (data (i32.const 256) "dns error: Success (os error 00)\n")
  (data (i32.const 320) "resolved\n")
  ;; 1024: hints (family IPv4, a stream); 1088: the one result there is room for, with its
  ;; socket address at 1120, that one's data at 1152 and its name at 1216
  (data (i32.const 1026) "\01\02")
  (func $length (param $text i32) (result i32)
    (local $at i32)
    (local.set $at (local.get $text))
    (block $end (loop $next
      (br_if $end (i32.eqz (i32.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (i32.sub (local.get $at) (local.get $text)))
  (func $say (param $text i32) (param $size i32)
    (i32.store (i32.const 128) (local.get $text))
    (i32.store (i32.const 132) (local.get $size))
    (drop (call $fd_write (i32.const 2) (i32.const 128) (i32.const 1) (i32.const 136))))
  (func $sleep
    (i64.store (i32.const 0) (i64.const 1))
    (i32.store8 (i32.const 8) (i32.const 0))
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 2000000000))
    (i64.store (i32.const 32) (i64.const 1))
    (i32.store16 (i32.const 40) (i32.const 0))
    (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 140))))
  (func $lookup (param $host i32) (param $service i32) (result i32)
    (i32.store (i32.const 1080) (i32.const 1088)) ;; where the results are
    (i32.store (i32.const 1100) (i32.const 1120)) ;; ai_addr
    (i32.store (i32.const 1104) (i32.const 1216)) ;; ai_canonname
    (i32.store (i32.const 1108) (i32.const 30))
    (i32.store (i32.const 1124) (i32.const 26)) ;; sa_data_len
    (i32.store (i32.const 1128) (i32.const 1152)) ;; sa_data
    (call $sock_getaddrinfo
      (local.get $host) (call $length (local.get $host))
      (local.get $service) (call $length (local.get $service))
      (i32.const 1024) (i32.const 1080) (i32.const 1) (i32.const 1084)))
  (func (export "_start")
    (local $error i32)
    (drop (call $args_sizes_get (i32.const 144) (i32.const 148)))
    (drop (call $args_get (i32.const 2048) (i32.const 4096)))
    (loop $again
      (local.set $error (call $lookup (i32.load (i32.const 2052)) (i32.load (i32.const 2056))))
      (if (local.get $error)
        (then
          (i32.store8 (i32.const 285) (i32.add (i32.const 48) (i32.div_u (local.get $error) (i32.const 10))))
          (i32.store8 (i32.const 286) (i32.add (i32.const 48) (i32.rem_u (local.get $error) (i32.const 10))))
          (call $say (i32.const 256) (i32.const 33)))
        (else (call $say (i32.const 320) (i32.const 9))))
      (call $sleep)
      (br $again))))
