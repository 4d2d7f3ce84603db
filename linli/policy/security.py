"""Guards at the doors: codes, tokens, tries."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

CODE_DIGITS = Number("security.code_digits", 6, "digits", 4, 8, N_("Length of a sign-in code."))
CODE_VALID_MIN = Number("security.code_valid_min", 5, "min", 1, 30, N_("How long a sign-in code counts."))
CODE_TRIES = Number(
    "security.code_tries", 5, "tries", 1, 20, N_("Wrong guesses after which a code is dead; five of a million possibilities.")
)
CODE_RESEND_S = Number("security.code_resend_s", 60, "s", 10, 600, N_("Pause before another code is sent to the same phone."))
CODES_PER_PHONE_H = Number("security.codes_per_phone_h", 6, "codes/h", 1, 100, N_("Codes sent to one phone within an hour."))
CODES_PER_IP_H = Number(
    "security.codes_per_ip_h", 60, "codes/h", 1, 10000, N_("Codes asked for from one address within an hour; an office shares one.")
)
GUESSES_PER_PHONE_H = Number(
    "security.guesses_per_phone_h", 20, "tries/h", 3, 200, N_("Guesses for one phone within an hour, over all its codes.")
)
TOKEN_VALID_D = Number("security.token_valid_d", 30, "d", 1, 365, N_("How long a person stays signed in."))
STAFF_TOKEN_VALID_H = Number(
    "security.staff_token_valid_h", 16, "h", 1, 168, N_("How long somebody with a staff role stays signed in: a long shift.")
)
API_PER_MIN = Number(
    "security.api_per_min", 600, "requests/min", 10, 100000, N_("Requests that one person may send to the API within a minute.")
)
REDEEM_TRIES = Number(
    "security.redeem_tries", 30, "tries", 5, 500, N_("Wrong voucher codes in one store within ten minutes; more looks like guessing.")
)
PICKUP_TRIES = Number("security.pickup_tries", 10, "tries", 3, 100, N_("Wrong pick-up or drop codes for one job within ten minutes."))
