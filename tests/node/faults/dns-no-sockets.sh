# shellcheck shell=bash disable=SC2034
# The module is built for plain WASI and wants the network.  Its trap is an echo.
code=WD2301
break_it() { module_image no_sockets; RESTART=Always wasm_pod victim no_sockets - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
