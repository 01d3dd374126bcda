"""Tags that AWS refuses, whatever bears them.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from .refusal import invalid

_MOST = 50
_LONGEST_KEY = 128
_LONGEST_VALUE = 256


def check_tags(properties: dict) -> None:
    tags = properties.get("Tags") or []
    pairs = list(tags.items()) if isinstance(tags, dict) else [(tag["Key"], tag.get("Value", "")) for tag in tags]
    # CloudFormation's own do not count.
    own = [key for key, _ in pairs if not key.startswith("aws:cloudformation:")]
    if len(own) > _MOST:
        raise invalid(f"tags: got {len(own)}, expected at most {_MOST}")
    for key, value in pairs:
        if not 1 <= len(key) <= _LONGEST_KEY:
            raise invalid(f"tag {key}: got a key of {len(key)} characters, expected 1 to {_LONGEST_KEY}")
        if len(str(value)) > _LONGEST_VALUE:
            raise invalid(f"tag {key}: got a value of {len(str(value))} characters, expected at most {_LONGEST_VALUE}")
        if key.lower().startswith("aws:") and key in own:
            raise invalid(f"tag {key}: got a key that starts with aws:, which is reserved")
