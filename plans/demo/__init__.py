"""Plans to look at on the first day: five real ones as issued, one invented one in full swing."""

from plans.demo.accounts import ACCOUNTS, PASSWORD, Account

__all__ = ["ACCOUNTS", "PASSWORD", "Account"]
