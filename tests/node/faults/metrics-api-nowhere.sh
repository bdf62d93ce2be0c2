# shellcheck shell=bash disable=SC2034
# The metrics API is registered and leads to a service that is not there.
code=WD5202
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  insecureSkipTLSVerify: true
  groupPriorityMinimum: 100
  versionPriority: 100
  service: {name: metrics-server, namespace: kube-system}
Y
}
mend_it() { printed_fixes '' 'delete what is left'; }
