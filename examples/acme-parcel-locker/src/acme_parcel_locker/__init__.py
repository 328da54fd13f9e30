"""The handlers of Acme::Parcel::Locker."""
