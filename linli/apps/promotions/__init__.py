"""Campaigns, coupons and who bears each discount."""
