(module ;; does nothing, and ends well
  (memory (export "memory") 1)
  (func (export "_start")))
