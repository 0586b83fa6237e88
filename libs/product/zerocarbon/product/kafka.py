"""How this installation reaches its Kafka cluster."""

from __future__ import annotations

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.settings import Settings


def kafka_settings(settings: Settings) -> KafkaSettings:
    """Addresses and security, under librdkafka's names. The password comes from a file, never from the
    environment, where every child process and crash report sees it."""
    assert settings.kafka_bootstrap_servers is not None, "asked only where there is a cluster"
    security: dict[str, str] = {"security.protocol": settings.kafka_security_protocol}
    if settings.kafka_sasl_password_file is not None:
        assert settings.kafka_sasl_mechanism is not None, "settings hold these together"
        assert settings.kafka_sasl_username is not None, "settings hold these together"
        security |= {
            "sasl.mechanism": settings.kafka_sasl_mechanism,
            "sasl.username": settings.kafka_sasl_username,
            "sasl.password": settings.kafka_sasl_password_file.read_text().strip(),
        }
    if settings.kafka_ssl_ca_file is not None:
        security["ssl.ca.location"] = str(settings.kafka_ssl_ca_file)
    return KafkaSettings(settings.kafka_bootstrap_servers, security=security)
