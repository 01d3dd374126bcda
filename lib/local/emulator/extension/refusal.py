"""What AWS refuses."""


class Refusal(ValueError):
    """A request that AWS would answer with an error; its text becomes the reason in the stack event."""

    def __init__(self, code: str, message: str, error: str = ""):
        """
        :param code: what kind of error it is to CloudFormation
        :param error: what the service itself calls it, such as ``PriorityInUse``
        """
        super().__init__(f"{message}{f' (Error Code: {error})' if error else ''} (HandlerErrorCode: {code})")
        self.code = code


def already_exists(what: str) -> Refusal:
    return Refusal("AlreadyExists", f"{what} already exists")


def not_found(what: str) -> Refusal:
    return Refusal("NotFound", f"{what} does not exist")


def in_use(what: str, by: str) -> Refusal:
    return Refusal("ResourceConflict", f"{what} is in use by {by}")


def invalid(message: str, error: str = "") -> Refusal:
    return Refusal("InvalidRequest", message, error)
