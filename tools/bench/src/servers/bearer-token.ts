import { type ExecutionContext, UnauthorizedException } from '@nestjs/common';

/** The bearer token of a request, as hand-written guards read it. */
export function bearerToken(context: ExecutionContext): string {
  const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
  const [scheme, token] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw new UnauthorizedException();
  return token;
}
