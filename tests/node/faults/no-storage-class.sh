# shellcheck shell=bash disable=SC2034
# A claim names a class that is not there; the fix makes it anew with one that is.
code=WD3306
world() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: by-hand}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
Y
}
unworld() { kubectl delete pvc/data storageclass/by-hand; }
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  storageClassName: ghost
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Mi}}
Y
}
mend_it() {
	[ -f "$scratch/mended" ] && return
	jq -r '.findings[] | select(.code == "WD3306") | .fix[].commands[]' "$scratch/broken.json" \
		>"$scratch/fix.sh"
	KUBECONFIG=$state/pki/admin.kubeconfig in_net sh -e "$scratch/fix.sh"
	touch "$scratch/mended"
}
