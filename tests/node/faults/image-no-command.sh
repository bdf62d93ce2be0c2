# shellcheck shell=bash disable=SC2034
# An image as the guide's Dockerfile makes it: no ENTRYPOINT, and the pod has no command.
code=WD2207
commandless_image() {
	python3 - <<'P' | on_node ctr -n k8s.io images import - >/dev/null
import hashlib, io, json, sys, tarfile

def archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w') as tar:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()

def sha(data):
    return hashlib.sha256(data).hexdigest()

def blob(kind, data):
    return {'mediaType': 'application/vnd.oci.image.' + kind,
            'digest': 'sha256:' + sha(data), 'size': len(data)}

layer = archive([('hello-wasm.wasm', b'\0asm\1\0\0\0')])
config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': {},
                     'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + sha(layer)]}}).encode()
manifest = json.dumps({'schemaVersion': 2,
                       'mediaType': 'application/vnd.oci.image.manifest.v1+json',
                       'config': blob('config.v1+json', config),
                       'layers': [blob('layer.v1.tar', layer)]}).encode()
named = dict(blob('manifest.v1+json', manifest),
             annotations={'io.containerd.image.name': 'docker.io/lab/commandless:1',
                          'org.opencontainers.image.ref.name': '1'})
index = json.dumps({'schemaVersion': 2, 'manifests': [named]}).encode()
sys.stdout.buffer.write(archive(
    [('oci-layout', b'{"imageLayoutVersion":"1.0.0"}'), ('index.json', index)] +
    [('blobs/sha256/' + sha(data), data) for data in (config, manifest, layer)]))
P
}
break_it() {
	commandless_image
	wasm_pod victim commandless - "$annotated" crun-wasm
}
mend_it() {
	delete_pods
	on_node ctr -n k8s.io images rm docker.io/lab/commandless:1 >/dev/null 2>&1 || true
}
