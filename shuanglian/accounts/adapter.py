from allauth.account.adapter import DefaultAccountAdapter


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request): return False


def client_address(request): return request.META.get("REMOTE_ADDR")
