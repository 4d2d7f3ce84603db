"""The weights of ranking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Params:
    """What each reason is worth at its best, on one scale, and the shape of each."""

    text: float = 6.0
    near: float = 2.0
    near_m: float = 2000.0  # metres over which nearness falls to 1/e: the last kilometre counts most
    far_m: float = 4000.0  # metres that cost a whole point, wherever they are
    quality: float = 1.5
    popular: float = 0.8
    popular_half: float = 30.0  # orders in a part of the day that give half of it
    price: float = 0.6
    taste: float = 1.2

    prior_stars: float = 4.0  # a store that nobody has rated is believed to be like this
    prior_voices: float = 20.0  # how many voices that belief counts as
    doubt: float = 1.0  # standard errors taken off the mean: few voices are believed less

    in_offer: float = 1.0  # where a word is found, when offers are ranked
    in_store: float = 0.85
    in_cuisine: float = 0.45
    in_tag: float = 0.3
    offer_of_store: float = 0.5  # what a word found in an offer (and not in the name) is worth when stores are ranked

    each: int = 1  # offers of one store before those of the next have had as many, when offers are ranked
    few: int = 1  # with fewer exact answers than this, freer readings add theirs
    enough: float = 0.5  # share of a misspelt question that an answer must hold
    wider: float = 3.0  # times the radius when nothing is found

    def __post_init__(self) -> None:
        if (
            min(self.near_m, self.far_m, self.popular_half, self.prior_voices) <= 0
            or not 0 < self.enough <= 1
            or self.wider < 1
            or self.each < 1
        ):
            raise ValueError("parameters of search are out of their bounds")
