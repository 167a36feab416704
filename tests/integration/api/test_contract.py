"""Routes and description are the same, and HTTP itself is right."""
import re
import subprocess

import contract
import stack as harness


def listed():
    out = subprocess.run([harness.binary(), "--list-routes"], check=True, stdout=subprocess.PIPE)
    return {tuple(line.split()) for line in out.stdout.decode().splitlines()}


def test_every_route_is_described_and_every_description_is_a_route():
    described = {(m, path, op["operationId"]) for m, path, op in contract.operations()}
    assert listed() == described


def test_path_variables_are_described():
    for method, path, operation in contract.operations():
        item = contract.SPEC["paths"][path]
        names = {contract.deref(p)["name"] for p in item.get("parameters", [])
                 if contract.deref(p)["in"] == "path"}
        assert names == set(re.findall(r"\{(\w+)\}", path)), f"{method} {path}"


def test_examples_of_bodies_fit_their_schemas():
    for _, _, operation in contract.operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            contract.validate(media["schema"], media["example"])


def test_the_description_says_nothing_by_accident():
    """An unquoted comma makes a key without value of half a sentence."""
    def walk(node, path):
        for key, value in (node.items() if isinstance(node, dict) else enumerate(node)):
            assert value is not None, f"{path}/{key}"
            if isinstance(value, (dict, list)):
                walk(value, f"{path}/{key}")
    walk(contract.SPEC, "")


def test_unknown_address_is_a_problem(stack):
    for path in ("/", "/nothing", "/rooms/", "/rooms//files", "/rooms/ABC", "/auth/me/"):
        assert stack.call("GET", path, check=False).json["code"] == "not_found", path


def test_wrong_method_names_the_right_ones(stack):
    for method in ("PUT", "DELETE", "PROPFIND"):
        answer = stack.call(method, "/rooms", check=False)
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_options_names_methods(stack):
    answer = stack.call("OPTIONS", "/languages", check=False)
    assert (answer.status, answer.headers["Allow"], answer.body) == (204, "GET, HEAD, OPTIONS", b"")


def test_head_answers_like_get_without_body(stack):
    answer = stack.call("HEAD", "/languages", check=False)
    assert answer.status == 200 and answer.body == b""
    assert answer.headers["Content-Type"] == "application/json"


def test_request_id_comes_from_nginx_not_from_the_client(stack):
    answer = stack.call("GET", "/languages", headers={"X-Request-Id": "chosen-by-client"})
    assert answer.headers["X-Request-Id"] != "chosen-by-client"
    assert answer.headers["X-Request-Id"] in stack.log.read_text()


def test_languages_are_public(stack):
    ids = [x["id"] for x in stack.call("GET", "/languages").json["languages"]]
    assert "python" in ids


def test_metrics_count_requests_by_route_and_class(stack):
    stack.call("GET", "/languages")
    text = stack.metrics()
    assert re.search(r'coderoom_api_requests_total\{route="listLanguages",class="2xx"\} [1-9]', text)
    assert 'coderoom_api_request_seconds_bucket{route="listLanguages"' in text


def test_base_path(own_stack):
    code = own_stack(base_path="/code/")
    person = code.person()
    room = person.room()
    link = person.call("POST", f"/rooms/{room}/invitations", {"role": "viewer"}).json
    assert link["url"] == f"{code.origin}/code/join/{link['token']}"
