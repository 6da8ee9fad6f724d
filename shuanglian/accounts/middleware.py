from django.http import HttpRequest, HttpResponse


class _Pass:
    def __init__(self, get_response): self.get_response = get_response
    def __call__(self, request): return self.get_response(request)


class LanguageMiddleware(_Pass): ...
class ScopeMiddleware(_Pass): ...
class DeadlineMiddleware(_Pass): ...
