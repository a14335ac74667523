import {
  Controller,
  type DynamicModule,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import jwksRsa from 'jwks-rsa';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { type ServerConfig } from '../config.js';
import { hasScope } from '../has-scope.js';
import { type Variant } from '../variant.js';

function passportModule(config: ServerConfig): DynamicModule {
  @Injectable()
  class JwtStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({
        secretOrKeyProvider: jwksRsa.passportJwtSecret({
          cache: true,
          rateLimit: true,
          jwksRequestsPerMinute: 5,
          jwksUri: config.jwksUri,
        }),
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        audience: config.audience,
        issuer: config.issuer,
        algorithms: [config.algorithm as 'RS256'],
      });
    }

    validate(payload: unknown): unknown {
      return payload;
    }
  }

  @Injectable()
  class ScopeGuard {
    canActivate(context: ExecutionContext): boolean {
      const { user } = context.switchToHttp().getRequest<{ user: unknown }>();
      if (!hasScope(user, config.scope)) throw new ForbiddenException();
      return true;
    }
  }

  @Controller()
  class PassportController {
    @UseGuards(AuthGuard('jwt'), ScopeGuard)
    @Get('things')
    list(): { things: string[] } {
      return { things: ['one', 'two'] };
    }
  }

  @Module({})
  class NaiveModule {}

  return {
    module: NaiveModule,
    imports: [PassportModule],
    controllers: [PassportController],
    providers: [JwtStrategy],
  };
}

/** `AuthGuard('jwt')` over passport-jwt and jwks-rsa, wired as their READMEs show. */
export const passport: Variant = { label: 'passport-jwt + jwks-rsa', module: passportModule };
