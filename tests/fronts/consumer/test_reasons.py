"""Why an order ended and what state something is in: always in words, in the reader's language, at every door."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from linli.apps.accounts import operations as accounts
from linli.apps.care.states import CASE
from linli.apps.fulfilment.states import GIVE_UP_REASONS, JOB
from linli.apps.orders import reasons
from linli.apps.orders import states as order_states
from linli.apps.payments import states as payment_states
from linli.fronts.web.problems import words
from linli.kernel import states
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import browser
from tests.town import World


def test_every_code_is_a_sentence_in_both_languages() -> None:
    assert {f"lost:{code}" for code in GIVE_UP_REASONS} <= set(reasons.WORDS)
    for sentence in reasons.WORDS.values():
        assert sentence.endswith(".")
        with override("zh-hans"):
            assert gettext(sentence) != sentence
    assert reasons.words("lost:something new") == reasons.words("lost:other")
    assert reasons.words("My own words") == "My own words"


def test_every_state_has_words_in_both_languages() -> None:
    machines = (order_states.DELIVERY, order_states.PICKUP, payment_states.INTENT, payment_states.REFUND, payment_states.ATTEMPT, CASE, JOB)
    assert set().union(*(machine.states for machine in machines)) <= set(states.WORDS)
    for word in states.WORDS.values():
        with override("zh-hans"):
            assert gettext(word) != word


@pytest.mark.parametrize(("language", "said"), [("en", "already “on the way”"), ("zh-hans", "“配送中”")])
def test_a_refusal_names_the_state_in_words(language: str, said: str) -> None:
    with pytest.raises(Conflict) as refusal:
        order_states.DELIVERY.step("picked_up", "confirm", SYSTEM)
    with override(language):
        assert said in words(refusal.value)


@pytest.mark.parametrize(("language", "said"), [("en", "The kitchen is too busy."), ("zh-hans", "厨房太忙，做不过来。")])
def test_why_it_was_refused_reads_the_same_at_every_door(town: World, language: str, said: str) -> None:
    order = town.paid()
    chen = browser(town, town.chen.person_id, language)
    chen.post(f"/merchant/{seal('st', town.noodles)}/orders/{seal('or', order.id)}/refuse", {"reason": "busy"})
    assert town.order(order).cancel_reason == "busy"
    name = seal("or", order.id)
    assert said in browser(town, town.lin, language).get(f"/orders/{name}").content.decode()
    assert said in chen.get(f"/merchant/{seal('st', town.noodles)}/orders/{name}").content.decode()
    token = accounts.issue_token(person_id=town.lin, at=town.at)
    told = Client().get(f"/api/v1/orders/{name}", headers={"Authorization": f"Bearer {token}", "Accept-Language": language}).json()
    assert (told["cancel_reason"], told["why"]) == ("busy", said)
