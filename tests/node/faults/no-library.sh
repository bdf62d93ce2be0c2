# shellcheck shell=bash disable=SC2034
# crun has the engine compiled in, but ld.so does not find its library.
code=WD2104
break_it() {
	for library in "$root"/usr/lib/*/libwasmedge.so*; do mv "$library" "$library.away"; done
	RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm
}
mend_it() {
	for library in "$root"/usr/lib/*/libwasmedge.so*.away; do
		[ ! -e "$library" ] && [ ! -L "$library" ] || mv "$library" "${library%.away}"
	done
	delete_pods
}
