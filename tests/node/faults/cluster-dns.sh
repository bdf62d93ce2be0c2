# shellcheck shell=bash disable=SC2034
# Cluster DNS is there, and nothing stands behind it.
code=WD2306
break_it() {
	kubectl -n kube-system apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Service
metadata: {name: kube-dns, labels: {k8s-app: kube-dns}}
spec:
  selector: {k8s-app: kube-dns}
  ports:
  - {name: dns, port: 53, protocol: UDP}
Y
}
mend_it() { kubectl -n kube-system delete service kube-dns >/dev/null 2>&1 || true; }
