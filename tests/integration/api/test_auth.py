"""Accounts and sign-in."""
import concurrent.futures
import re
import statistics
import time

import pytest

SIGN_UP = {"email": "someone@example.org", "name": "Someone", "password": "a long walk at noon"}


def sign_in(stack, person, **more):
    return stack.call("POST", "/auth/sign-in",
                      {"email": person.email, "password": person.password}, **more)


def refresh(stack, cookie, **more):
    return stack.call("POST", "/auth/refresh", cookie=cookie, **more)


def test_sign_up_sets_a_cookie_that_scripts_cannot_read(stack):
    made = stack.call("POST", "/auth/sign-up", dict(SIGN_UP, email="cookie@example.org"))
    assert re.fullmatch(r"__Host-coderoom=[0-9a-v]{20}\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; "
                        r"HttpOnly; Secure; SameSite=Strict", made.headers["Set-Cookie"])


def test_life_of_a_sign_in(stack):
    person = stack.person()
    again = sign_in(stack, person)
    assert again.status == 200
    me = stack.call("GET", "/auth/me", token=again.json["access_token"])
    assert me.json["user"]["email"] == person.email
    fresh = refresh(stack, again.cookie)
    assert fresh.status == 200 and fresh.cookie != again.cookie
    out = stack.call("POST", "/auth/sign-out", cookie=fresh.cookie)
    assert out.status == 204 and "Max-Age=0" in out.headers["Set-Cookie"]
    assert refresh(stack, fresh.cookie).status == 401


def test_each_refresh_token_works_once_and_reuse_ends_the_family(stack):
    person = stack.person()
    second = refresh(stack, person.cookie)
    third = refresh(stack, second.cookie)
    assert refresh(stack, person.cookie).status == 401
    assert refresh(stack, third.cookie).status == 401


def test_reuse_ends_one_family_only(stack):
    person = stack.person()
    other = sign_in(stack, person)
    refresh(stack, person.cookie)
    assert refresh(stack, person.cookie).status == 401
    assert refresh(stack, other.cookie).status == 200


def test_parallel_refreshes_have_at_most_one_child(stack):
    person = stack.person()
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: refresh(stack, person.cookie), range(50)))
    children = [a for a in answers if a.status == 200]
    assert {a.status for a in answers} <= {200, 401}
    assert len(children) <= 1
    # The copies were used again: the family is over for the child as well.
    assert all(refresh(stack, c.cookie).status == 401 for c in children)


def test_guessed_secret_of_a_known_family_does_not_refresh(stack):
    person = stack.person()
    family = person.cookie.split("=")[1].split(".")[0]
    assert refresh(stack, f"__Host-coderoom={family}.{'A' * 43}").status == 401


@pytest.mark.parametrize("cookie", [
    None, "other=1", "__Host-coderoom=", "__Host-coderoom=abc", "coderoom={value}",
    "__Host-coderoom={value}; __Host-coderoom={value}", "__Host-coderoom={value}x",
    "__Host-coderoom=../../{value}", "__Host-coderoom={value}\xff"])
def test_malformed_cookies_are_nobody(stack, cookie):
    value = stack.person().cookie.split("=")[1]
    given = cookie.replace("{value}", value).encode("latin-1") if cookie else None
    assert refresh(stack, given).status == 401


def test_sign_out_without_cookie_succeeds(stack):
    assert stack.call("POST", "/auth/sign-out").status == 204


def test_sign_out_needs_the_secret_not_only_the_family(stack):
    person = stack.person()
    family = person.cookie.split("=")[1].split(".")[0]
    stack.call("POST", "/auth/sign-out", cookie=f"__Host-coderoom={family}.short")
    assert refresh(stack, person.cookie).status == 200


@pytest.mark.parametrize("headers,allowed", [
    ({"Origin": "{origin}"}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "{origin}.evil.example"}, False),
    ({"Origin": "http://localhost:1"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False)])
@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/sign-out"])
def test_cookie_routes_take_our_own_pages_only(stack, path, headers, allowed):
    person = stack.person()
    sent = {k: v.replace("{origin}", stack.origin) for k, v in headers.items()}
    answer = stack.call("POST", path, cookie=person.cookie, headers=sent)
    assert (answer.status in (200, 204)) == allowed
    if not allowed:
        assert answer.json["code"] == "forbidden"
        assert refresh(stack, person.cookie).status == 200


@pytest.mark.parametrize("change,field", [
    ({"email": "no-at-sign"}, "email"),
    ({"email": "two@@example.org"}, "email"),
    ({"email": "@example.org"}, "email"),
    ({"email": "a b@example.org"}, "email"),
    ({"email": "a@" + "b" * 260}, "email"),
    ({"email": "new\nline@example.org"}, "email"),
    ({"email": None}, "email"),
    ({"email": {"$ne": 1}}, "email"),
    ({"email": ["a@example.org"]}, "email"),
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": "x" * 65}, "name"),
    ({"name": "bell\x07"}, "name"),
    ({"name": "\u202egnp.exe"}, "name"),
    ({"password": "short"}, "password"),
    ({"password": "password1"}, "password"),
    ({"password": "P4ssw0rd!2024"}, "password"),
    ({"password": "qwertyuiop"}, "password"),
    ({"password": "12345678"}, "password"),
    ({"password": "aaaaaaaaaaaa"}, "password"),
    ({"password": "someone@example.org"}, "password"),
    ({"password": "x" * 257}, "password"),
    ({"password": {"$gt": ""}}, "password"),
    ({"role": "admin"}, "role"),
    ({"id": "00000000000000000000"}, "id"),
    ({"password_hash": "x"}, "password_hash")])
def test_sign_up_names_the_field_at_fault(stack, change, field):
    answer = stack.call("POST", "/auth/sign-up", {**SIGN_UP, **change})
    assert answer.status == 400 and answer.json["field"] == field, answer


@pytest.mark.parametrize("field", ["email", "name", "password"])
def test_sign_up_needs_every_field(stack, field):
    body = {k: v for k, v in SIGN_UP.items() if k != field}
    assert stack.call("POST", "/auth/sign-up", body).json["field"] == field


def test_names_and_addresses_are_stored_in_one_form(stack):
    body = dict(SIGN_UP, email="Mixed.Case@Example.ORG", name="  Ame\u0301lie  ")
    user = stack.call("POST", "/auth/sign-up", body).json["user"]
    assert (user["email"], user["name"]) == ("mixed.case@example.org", "Am\u00e9lie")
    taken = stack.call("POST", "/auth/sign-up", dict(body, email="MIXED.case@example.org"))
    assert (taken.status, taken.json["field"]) == (409, "email")


def test_password_is_the_same_in_either_unicode_form(stack):
    person = stack.person(password="caf\u00e9 au lait, s'il")
    person.password = "cafe\u0301 au lait, s'il"
    assert sign_in(stack, person).status == 200


def test_unknown_address_and_wrong_password_are_the_same_answer(stack):
    person = stack.person()
    bodies = [{"email": person.email, "password": "not the right one"},
              {"email": "nobody@example.org", "password": "not the right one"}]
    known, unknown = (stack.call("POST", "/auth/sign-in", b) for b in bodies)
    for answer in (known, unknown):
        answer.json.pop("request_id")
    assert (known.status, known.json) == (unknown.status, unknown.json)
    assert {k for k in known.headers} == {k for k in unknown.headers}


def test_unknown_address_takes_as_long_as_a_wrong_password(stack):
    person = stack.person()
    times = {person.email: [], "nobody@example.org": []}
    for _ in range(15):
        for email, spent in times.items():
            start = time.perf_counter()
            stack.call("POST", "/auth/sign-in", {"email": email, "password": "not the right one"})
            spent.append(time.perf_counter() - start)
    known, unknown = (statistics.median(t) for t in times.values())
    assert 0.6 < unknown / known < 1.6, (known, unknown)


def test_sign_in_is_limited_by_account(own_stack):
    strict = own_stack({"limits.signins_per_minute": 5})
    person = strict.person()
    wrong = {"email": person.email.upper(), "password": "not the right one"}
    answers = [strict.call("POST", "/auth/sign-in", wrong) for _ in range(6)]
    assert [a.status for a in answers] == [401] * 5 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 12
    # The right password does not get around it, and another account is free.
    assert sign_in(strict, person).status == 429
    assert sign_in(strict, strict.person()).status == 200


def test_sign_in_is_limited_by_address(own_stack):
    strict = own_stack({"limits.signins_per_address": 4})
    answers = [strict.call("POST", "/auth/sign-in",
                           {"email": f"x{i}@example.org", "password": "not the right one"})
               for i in range(5)]
    assert [a.status for a in answers] == [401] * 4 + [429]


def test_requests_are_limited_by_account(own_stack):
    strict = own_stack({"limits.requests_per_minute": 10})
    one, other = strict.person(), strict.person()
    statuses = [one.call("GET", "/auth/me").status for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert other.call("GET", "/auth/me").status == 200


def test_access_token_ends(own_stack):
    """The clock's allowance of 30 s is added, so only the sign can be seen here."""
    short = own_stack({"auth.access_ttl": "30s"})
    assert sign_in(short, short.person()).json["expires_in"] == 30
