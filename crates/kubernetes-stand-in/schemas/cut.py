"""Cuts the published schemas of Kubernetes to the kinds that the stand-in serves.

    python schemas/cut.py JOBSET GATEWAY_API KUEUE

needs the PyPI packages kubernetes-validate and pyyaml, and the paths of checkouts of kubernetes-sigs/jobset,
kubernetes-sigs/gateway-api and kubernetes-sigs/kueue, whose custom resources Kubernetes itself does not publish.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
PUBLISHED = Path(find_spec("kubernetes_validate").origin).parent / "kubernetes-json-schema"
KEPT = {
    "$ref", "additionalProperties", "enum", "items", "oneOf", "properties", "required", "type", "anyOf",
    "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
}
KINDS = {
    "batch/v1/Job": "io.k8s.api.batch.v1.Job",
    "networking.k8s.io/v1/Ingress": "io.k8s.api.networking.v1.Ingress",
    "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
    "authorization.k8s.io/v1/SelfSubjectAccessReview": "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
} | {
    f"v1/{kind}": f"io.k8s.api.core.v1.{kind}"
    for kind in [
        "ConfigMap", "Event", "Namespace", "Node", "PersistentVolumeClaim", "Pod", "ResourceQuota", "Secret", "Service",
        "ServiceAccount",
    ]
}
CUSTOM = [
    ("config/components/crd/bases/jobset.x-k8s.io_jobsets.yaml", "v1alpha2"),
    ("config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml", "v1"),
    ("config/components/crd/bases/kueue.x-k8s.io_localqueues.yaml", "v1beta1"),
]


def cut(schema: object, names: bool = False) -> object:
    """Without descriptions and formats. The keys of `properties` are names, which all stay."""
    if isinstance(schema, list):
        return [cut(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value if key == "required" else cut(value, key == "properties")
        for key, value in schema.items()
        if names or key in KEPT
    }


def needed(definitions: dict, names: list[str]) -> dict:
    found: dict = {}
    while names:
        name = names.pop()
        if name in found:
            continue
        found[name] = cut(definitions[name])
        names += [
            part.split('"')[0].rsplit("/", 1)[1] for part in json.dumps(found[name]).split('"$ref": "')[1:]
        ]
    return dict(sorted(found.items()))


def refer(schema: dict) -> dict:
    return json.loads(json.dumps(schema).replace("#/$defs/", ""))


def write(name: str, content: dict) -> None:
    (HERE / name).write_text(json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n")


for version in ["1.30", "1.37"]:
    definitions = json.loads((PUBLISHED / f"v{version}.0-local/_definitions.json").read_text())["$defs"]
    write(f"v{version}.json", {"kinds": KINDS, "definitions": refer(needed(definitions, list(KINDS.values())))})

custom = {}
for checkout, (file, wanted) in zip(sys.argv[1:4], CUSTOM, strict=True):
    found = yaml.safe_load((Path(checkout) / file).read_text())["spec"]
    served = {version["name"]: version["schema"]["openAPIV3Schema"] for version in found["versions"]}
    schema = cut(served[wanted])
    schema["properties"]["metadata"] = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    if found["names"]["kind"] == "JobSet":
        job = schema["properties"]["spec"]["properties"]["replicatedJobs"]["items"]["properties"]["template"]
        job["properties"]["spec"] = {"$ref": "io.k8s.api.batch.v1.JobSpec"}
        job["properties"]["metadata"] = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    custom[f"{found['group']}/{wanted}/{found['names']['kind']}"] = schema
write("custom.json", custom)
