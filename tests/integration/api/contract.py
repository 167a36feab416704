"""docs/openapi.yaml as a checker of answers."""
import pathlib
import re

import jsonschema
import yaml

SPEC = yaml.safe_load((pathlib.Path(__file__).resolve().parents[3] / "docs/openapi.yaml").read_text())
METHODS = ("get", "post", "patch", "delete")


def operations():
    """(METHOD, path, operation) of every one that is described."""
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def deref(node):
    while "$ref" in node:
        found = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def find(method, path):
    for m, pattern, operation in operations():
        if m == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return operation
    return None


def validate(schema, value):
    resolver = jsonschema.RefResolver("", SPEC)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)


def check_answer(method, path, answer):
    operation = find(method, path)
    responses = operation["responses"] if operation else {}
    described = responses.get(str(answer.status))
    if described is None:
        assert answer.status >= 400, f"{method} {path} answers {answer.status}: not described"
        described = responses.get("default", {"$ref": "#/components/responses/Problem"})
    described = deref(described)
    content = described.get("content")
    if not content:
        assert answer.body == b"", answer
        return
    (media, entry), = content.items()
    assert answer.headers["Content-Type"] == media
    validate(entry["schema"], answer.json)
    if media == "application/problem+json":
        problem = answer.json
        assert problem["status"] == answer.status
        assert problem["type"] == "urn:coderoom:problem:" + problem["code"]
        assert problem["request_id"] == answer.headers["X-Request-Id"]
    for name in described.get("headers", {}):
        assert name in answer.headers, f"{method} {path}: no header {name}"
