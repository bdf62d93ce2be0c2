# shellcheck shell=bash disable=SC2034
# The user may see nothing: a warning with the missing rules, and the rest is unknown.
code=WD7103
found_it() {
	local got=0
	diagnose "$scratch/broken.json" --as nobody-in-particular || got=$?
	[ $got = 5 ] && has_code "$scratch/broken.json" $code
}
