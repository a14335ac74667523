import {
  type CanActivate,
  Controller,
  type DynamicModule,
  type ExecutionContext,
  Get,
  Module,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

@Controller()
class PeerController {
  @Get('things')
  list(): { things: string[] } {
    return { things: ['one', 'two'] };
  }
}

@Module({})
class PeerModule {}

/** The route under load behind one app-wide guard. */
export function peerModule(
  canActivate: (context: ExecutionContext) => boolean | Promise<boolean>,
): DynamicModule {
  const guard: CanActivate = { canActivate };
  return {
    module: PeerModule,
    controllers: [PeerController],
    providers: [{ provide: APP_GUARD, useValue: guard }],
  };
}
