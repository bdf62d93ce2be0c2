# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/resolver.sh
. "$here/worlds/resolver.sh"
# An image FROM scratch has no /etc/services: os error 85.  Mended as the report says.
code=WD2302
break_it() { resolver localhost http; }
mend_it() {
	local command
	while IFS= read -r command; do
		(cd "$scratch" && eval "$command") >/dev/null
	done < <(jq -r '.findings[] | select(.code == "WD2302") | .fix[].commands
		| select(any(contains("configmap"))) | .[]' "$scratch/broken.json")
	kubectl rollout status deployment resolver --timeout=60s >/dev/null
}
unworld() { delete_resolver; }
