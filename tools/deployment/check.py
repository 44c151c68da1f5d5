"""Checks, without a cluster, all that the console is deployed with.

Renders the kustomize overlays and the Helm chart, holds every object against the schemas that Kubernetes publishes, in the
strict form that knows no unknown field, and looks whether the objects fit together. With --console, the settings in them are
checked by the program itself.
"""

import argparse
import base64
import copy
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import helm_python
import jsonschema
import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = Path(sys.executable).parent
CHART = ROOT / "charts/efls-console"
OPERATOR_SCHEMAS = ROOT / "tools/deployment/schemas/monitoring.coreos.com.json"
# The oldest version that the objects are for , and the newest that is known.
VERSIONS = ["1.30", kubernetes_validate.latest_version()]
# What an administrator makes before the objects are applied.
GIVEN = {("Secret", "efls-console"): {"database-url": "mysql://user:password@database:3306/efls"}}

problems: list[str] = []


def problem(where: str, text: str) -> None:
    problems.append(f"{where}: {text}")


def run(*command: str | Path) -> tuple[bool, str]:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout if done.returncode == 0 else done.stdout + done.stderr


class NoDuplicates(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
    """Refuses a mapping with a key twice, of which other readers drop one without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        self.flatten_mapping(node)
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice} is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


def objects(text: str, where: str) -> list[dict]:
    try:
        return [found for found in yaml.load_all(text, Loader=NoDuplicates) if found]
    except yaml.YAMLError as error:
        problem(where, str(error))
        return []


def named(found: dict) -> str:
    return f"{found.get('kind')} {found.get('metadata', {}).get('name')}"


# What is rendered


def kustomizations() -> dict[str, list[dict]]:
    rendered = {}
    for file in sorted((ROOT / "manifests/overlays").rglob("kustomization.yaml")):
        folder = str(file.parent.relative_to(ROOT))
        worked, text = run(TOOLS / "kubectl", "kustomize", folder)
        if worked:
            rendered[folder] = objects(text, folder)
        else:
            problem(folder, text)
    return rendered


def charts() -> dict[str, list[dict]]:
    rendered = {}
    with helm_python.Chart.load(str(CHART)) as chart:
        for file in sorted((CHART / "ci").glob("*-values.yaml")):
            where = f"charts/efls-console with {file.name}"
            values = yaml.safe_load(file.read_text()) or {}
            report = helm_python.lint(str(CHART), values, strict=True)
            for error in report["errors"]:
                problem(where, error)
            try:
                chart.validate_schema(values)
                texts = chart.render(values, name="efls", namespace="efls").items()
            except helm_python.HelmError as error:
                problem(where, str(error))
                continue
            rendered[where] = [
                found for name, text in texts if name.endswith(".yaml") for found in objects(text, f"{where}, {name}")
            ]
        try:
            chart.validate_schema({"config": {"federation": {"poll_secnds": 5}}})
            problem("charts/efls-console", "values.schema.json lets a misspelt setting pass")
        except helm_python.HelmValuesError:
            pass
    return rendered


# What each object is by itself


def fits_schema(found: dict) -> list[str]:
    if found.get("apiVersion") == "monitoring.coreos.com/v1":
        return fits_operator(found)
    said = []
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(found, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(part) for part in error.path)
            said.append(f"Kubernetes {version} refuses {path or 'it'}: {error.message}")
        except kubernetes_validate.SchemaNotFoundError as error:
            said.append(error.message)
    return said


def fits_operator(found: dict) -> list[str]:
    """Kinds of the operator of Prometheus, whose schemas Kubernetes does not publish."""
    schema = json.loads(OPERATOR_SCHEMAS.read_text())["kinds"].get(found.get("kind"))
    if schema is None:
        return [f"no schema is known for {found.get('kind')}"]
    errors = jsonschema.Draft202012Validator(schema).iter_errors(found)
    return [f"{'.'.join(map(str, error.path)) or 'it'}: {error.message}" for error in errors]


def pod_of(found: dict) -> dict | None:
    """The template of the pods that an object makes."""
    if found["kind"] in ("Deployment", "StatefulSet", "Job"):
        return found["spec"]["template"]
    return None


def bound(all_objects: list[dict]) -> set[str]:
    """The accounts that have a role."""
    bindings = (found for found in all_objects if found["kind"] == "RoleBinding")
    return {subject["name"] for binding in bindings for subject in binding["subjects"]}


def confined(pod: dict, accounts: set[str]) -> list[str]:
    """What keeps a pod out of a namespace that enforces the standard `restricted`, and what our own rules add to it."""
    spec, said = pod["spec"], []
    wanted = spec.get("serviceAccountName") in accounts
    if spec.get("automountServiceAccountToken") is not wanted:
        said.append(f"automountServiceAccountToken must be {str(wanted).lower()}: only an account with a role needs a token")
    around = spec.get("securityContext", {})
    if not around.get("runAsNonRoot") or not around.get("runAsUser"):
        said.append("securityContext must have runAsNonRoot and a runAsUser")
    if around.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        said.append("securityContext.seccompProfile must be RuntimeDefault")
    for container in spec.get("initContainers", []) + spec["containers"]:
        inside, name = container.get("securityContext", {}), container["name"]
        if inside.get("allowPrivilegeEscalation") is not False or not inside.get("readOnlyRootFilesystem"):
            said.append(f"container {name} must not escalate privileges and must have a read-only root")
        if inside.get("capabilities") != {"drop": ["ALL"]}:
            said.append(f"container {name} must drop all capabilities")
        resources = container.get("resources", {})
        if not resources.get("requests") or "memory" not in resources.get("limits", {}):
            said.append(f"container {name} must request resources and have a limit of memory")
    for container in spec["containers"]:
        if "readinessProbe" not in container:
            said.append(f"container {container['name']} must have a readinessProbe")
    return said


# How objects fit together


def within(selector: dict, labels: dict) -> bool:
    return bool(selector) and selector.items() <= labels.items()


def references(all_objects: list[dict]) -> list[str]:
    there = {(found["kind"], found["metadata"]["name"]) for found in all_objects} | GIVEN.keys()
    pods = [pod for found in all_objects if (pod := pod_of(found))]
    labels = [pod["metadata"]["labels"] for pod in pods]
    said = []
    for pod in pods:
        for kind, name in used(pod["spec"]):
            if (kind, name) not in there:
                said.append(f"a pod uses {kind} {name}, which is not there")
    for found in all_objects:
        kind, spec = found["kind"], found.get("spec", {})
        chosen = {
            "Service": lambda: spec["selector"],
            "Deployment": lambda: spec["selector"]["matchLabels"],
            "StatefulSet": lambda: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda: spec["podSelector"]["matchLabels"],
            "ServiceMonitor": lambda: spec["selector"]["matchLabels"],
            "PodDisruptionBudget": lambda: spec["selector"]["matchLabels"],
        }.get(kind)
        if chosen and not any(within(chosen(), of_pod) for of_pod in labels):
            said.append(f"{named(found)} selects no pod")
        if kind == "ServiceMonitor":
            of_services = [other for other in all_objects if other["kind"] == "Service"]
            wanted = {endpoint["port"] for endpoint in spec["endpoints"]}
            if not any(
                within(chosen(), other["metadata"].get("labels", {}))
                and wanted <= {port["name"] for port in other["spec"]["ports"]}
                for other in of_services
            ):
                said.append(f"{named(found)} selects no Service with the ports {wanted}")
        if kind == "Ingress":
            for rule in spec["rules"]:
                for path in rule["http"]["paths"]:
                    service = path["backend"]["service"]["name"]
                    if ("Service", service) not in there:
                        said.append(f"{named(found)} leads to Service {service}, which is not there")
    return said


def used(spec: dict) -> list[tuple[str, str]]:
    names = []
    for volume in spec.get("volumes", []):
        if "secret" in volume:
            names.append(("Secret", volume["secret"]["secretName"]))
    for container in spec.get("initContainers", []) + spec["containers"]:
        names += [("ConfigMap", source["configMapRef"]["name"]) for source in container.get("envFrom", [])]
        for variable in container.get("env", []):
            key = variable.get("valueFrom", {}).get("secretKeyRef")
            if key:
                names.append(("Secret", key["name"]))
    if spec.get("serviceAccountName", "default") != "default":
        names.append(("ServiceAccount", spec["serviceAccountName"]))
    return names


# What the program says


def settings(console: Path, all_objects: list[dict], folder: Path) -> list[str]:
    """Gives the program the variables and files of each of its containers, and lets it check them."""
    by_name = {(found["kind"], found["metadata"]["name"]): found for found in all_objects}
    said = []
    for pod in filter(None, map(pod_of, all_objects)):
        spec = pod["spec"]
        secrets = {vol["name"]: vol["secret"]["secretName"] for vol in spec.get("volumes", []) if "secret" in vol}
        for container in spec.get("initContainers", []) + spec["containers"]:
            if "efls-console" not in container["image"]:
                continue
            env = {}
            for source in container.get("envFrom", []):
                env |= by_name[("ConfigMap", source["configMapRef"]["name"])]["data"]
            env |= {variable["name"]: variable.get("value", "") for variable in container.get("env", [])}
            for mount in container["volumeMounts"]:
                if mount["name"] in secrets:
                    env = in_files(env, mount["mountPath"], secret(by_name, secrets[mount["name"]]), folder)
            said += answer(console, env, container["name"])
    return said


def answer(console: Path, env: dict, name: str) -> list[str]:
    checked = subprocess.run(
        [console, "config", "check"], env=env, cwd=ROOT / "charts", capture_output=True, text=True, check=False
    )
    return [f"container {name}: {checked.stdout}{checked.stderr}"] if checked.returncode else []


def secret(by_name: dict, name: str) -> dict:
    found = by_name.get(("Secret", name))
    if found is None:
        return GIVEN[("Secret", name)]
    coded = {key: base64.b64decode(value).decode() for key, value in found.get("data", {}).items()}
    return coded | found.get("stringData", {})


def in_files(env: dict, mounted: str, content: dict, folder: Path) -> dict:
    place = Path(tempfile.mkdtemp(dir=folder))
    changed = {}
    for name, value in env.items():
        if value.startswith(mounted + "/"):
            key = value.removeprefix(mounted + "/")
            (place / key).write_text(content.get(key, "given"))
            value = str(place / key)
        changed[name] = value
    return changed


# Files beside the objects


def compose(console: Path | None) -> None:
    file = "docker-compose.yaml"
    worked, text = run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    if not worked:
        problem(file, text)
    services = yaml.safe_load((ROOT / file).read_text())["services"]
    for name, service in services.items():
        if "build" in service and console:
            for said in answer(console, service["environment"], name):
                problem(file, said)
        for other in service.get("depends_on", {}):
            if other not in services:
                problem(file, f"{name} depends on {other}, which is not there")


def chart_knows_all_settings() -> None:
    """The chart's schema must list the settings of config/default.toml, but for those that hold secrets."""
    kinds = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    schema = yaml.safe_load((CHART / "values.schema.json").read_text())

    def leaves(tree: dict, path: str = "") -> dict[str, str]:
        found = {}
        for key, value in tree.items():
            at = f"{path}.{key}".strip(".")
            # A section without members has names that administrators choose.
            found |= leaves(value, at) if isinstance(value, dict) and value else {at: kinds[type(value)]}
        return found

    def known(node: dict, path: str = "") -> dict[str, str]:
        found = {}
        for key, value in node["properties"].items():
            at = f"{path}.{key}".strip(".")
            found |= known(value, at) if "properties" in value else {at: value["type"]}
        return found

    wanted = leaves(tomllib.loads((ROOT / "config/default.toml").read_text()))
    for hidden in ("database.url", "storage.s3.access_key", "storage.s3.secret_key"):
        del wanted[hidden]
    there = known(schema["properties"]["config"])
    for key in sorted(wanted.items() ^ there.items()):
        problem("charts/efls-console/values.schema.json", f"config.{key[0]} is not as in config/default.toml")


def versions_agree() -> None:
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    if (chart["version"], chart["appVersion"]) != (version, version):
        problem("charts/efls-console/Chart.yaml", f"version and appVersion must be {version}, as in Cargo.toml")


def the_check_can_fail(deployment: dict) -> None:
    """A check that lets a misspelt field or an unknown kind pass is worth nothing."""
    misspelt = copy.deepcopy(deployment)
    probe = misspelt["spec"]["template"]["spec"]["containers"][0]
    probe["readinesProbe"] = probe.pop("readinessProbe")
    strange = {"apiVersion": "apps/v1", "kind": "Deploymnt", "metadata": {"name": "strange"}}
    for wrong in (misspelt, strange):
        if len(fits_schema(wrong)) != len(VERSIONS):
            problem("tools/deployment/check.py", f"{named(wrong)} with an intended mistake was not refused")
    monitor = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "strange"}}
    monitor["spec"] = {"selector": {}, "endpoints": [{"prt": "metrics"}]}
    if not fits_schema(monitor):
        problem("tools/deployment/check.py", f"{named(monitor)} with an intended mistake was not refused")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--console", type=Path, help="the program, to check settings with")
    console = arguments.parse_args().console
    console = console and console.resolve()

    worked, text = run(TOOLS / "hadolint", "--no-color", "Dockerfile")
    if not worked:
        problem("Dockerfile", text)
    rendered = kustomizations() | charts()
    with tempfile.TemporaryDirectory() as folder:
        for where, found in rendered.items():
            for each in found:
                pod = pod_of(each)
                for said in fits_schema(each) + (confined(pod, bound(found)) if pod else []):
                    problem(f"{where}, {named(each)}", said)
            wrong = references(found)
            if console and not wrong:
                wrong = settings(console, found, Path(folder))
            for said in wrong:
                problem(where, said)
    compose(console)
    chart_knows_all_settings()
    versions_agree()
    deployments = [found for each in rendered.values() for found in each if found["kind"] == "Deployment"]
    if deployments:
        the_check_can_fail(deployments[0])
    else:
        problem("manifests", "nothing was rendered")

    for text in problems:
        print(text)
    count = sum(map(len, rendered.values()))
    checked = "their settings by the program" if console else "not their settings, for want of the program"
    print(f"{len(rendered)} renderings with {count} objects, for Kubernetes {' and '.join(VERSIONS)}; {checked}.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
