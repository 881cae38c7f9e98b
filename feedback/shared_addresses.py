"""Addresses that many people read or type, such as info@: by them nobody is known.

The mailboxes of RFC 2142, those that companies add, and what people type where a form insists.
"""

import re
from collections.abc import Collection

ROLES = """
info marketing sales support abuse noc security postmaster hostmaster webmaster usenet news www
uucp ftp admin administrator billing booking care contact contacts customercare customerservice
donotreply enquiries enquiry feedback hello help helpdesk hi hr inbox inquiries invoice invoices
job jobs mail mailerdaemon bounce bounces manager marketing media newsletter noreply
notification notifications office order orders partner partners post pr press reception
reservations reviews root sales service services shop staff store support team welcome
buh buhgalter buhgalteria kadry kontakt ofis otdel otzyv pochta podderzhka priemnaya prodazhi
reklama sekretar zakaz zakazy zayavka
бухгалтерия вопросы заказ заказы инфо кадры контакт контакты маркетинг отзыв отзывы отдел офис
поддержка помощь почта приемная приёмная продажи реклама секретарь сервис
test tests none nobody anonymous null no нет тест
"""
_ROLES = frozenset(ROLES.split())


def is_shared(kind: str, value: str, own: Collection[str] = ()) -> bool:
    """Whether this is an address that many read: of a role (info+x@), a filler, or our own."""
    if kind != "email":
        return False
    mailbox, _, domain = value.rpartition("@")
    role = re.sub(r"[._-]", "", mailbox.split("+")[0])
    return role in _ROLES or value in own or f"@{domain}" in own
