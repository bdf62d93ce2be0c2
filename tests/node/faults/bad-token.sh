# shellcheck shell=bash disable=SC2034
# The server does not know this token.
code=WD7102
found_it() {
	local got=0
	diagnose "$scratch/broken.json" --kubeconfig /lab/bad.kubeconfig || got=$?
	[ $got = 3 ] && has_code "$scratch/broken.json" $code
}
break_it() {
	sed -e 's/client-certificate-data: [^,}]*/token: wrong/; s/, client-key-data: [^}]*//' \
		"$state/pki/admin.kubeconfig" >"$root/lab/bad.kubeconfig"
}
mend_it() { rm -f "$root/lab/bad.kubeconfig"; }
