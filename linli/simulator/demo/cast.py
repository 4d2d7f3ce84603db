"""Who lives in the demo city. The named ones are the personas that a visitor may take; the others are its crowd."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FAMILY = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红建文浩宇欣怡梓涵子轩雨桐思远晓晨佳琪诗雅俊凯"


@dataclass(frozen=True, slots=True)
class Persona:
    """A person with a name that visitors see."""

    key: str
    phone: str
    name: str
    role: str


PERSONAS = (
    Persona("consumer", "13800000001", "林小满", "consumer"),
    Persona("merchant", "13800000002", "赵掌柜", "merchant"),
    Persona("courier", "13800000003", "陈师傅", "courier"),
    Persona("operator", "13800000004", "周调度", "operator"),
    Persona("driver", "13800000006", "马师傅", "courier"),
    Persona("support", "13800000005", "何客服", "support"),
)
DOOR_OF_PERSONA = "灯市口"  # where the consumer persona lives: many kitchens are near, that store among them
HOUSE_OF_PERSONA = "四季民福烤鸭店(王府井店)"  # the store that the merchant persona runs


def names(count: int, rng: random.Random) -> list[str]:
    """`count` made-up names."""
    return [rng.choice(_FAMILY) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2)))) for _ in range(count)]


def phone(group: int, number: int) -> str:
    """A phone number of the crowd: one group for each role."""
    return f"1990{group}{number:06d}"
