(module ;; a reactor: _initialize, and no _start
  (memory (export "memory") 1)
  (func (export "_initialize")))
