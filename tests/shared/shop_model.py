"""The model of a service that botocore doesn't have."""

from __future__ import annotations

from typing import Final

SHOP_MODEL: Final = {
    "metadata": {
        "apiVersion": "2026-01-01",
        "endpointPrefix": "shop",
        "protocol": "json",
        "serviceFullName": "Shop",
        "serviceId": "Shop",
        "signatureVersion": "v4",
        "jsonVersion": "1.0",
        "targetPrefix": "Shop",
    },
    "operations": {"OpenShop": {"name": "OpenShop", "http": {"method": "POST", "requestUri": "/"}}},
    "shapes": {},
}
