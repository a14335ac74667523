import { SetMetadata } from '@nestjs/common';

/**
 * Says to a default-deny guard that a route needs no token. The metadata is the one that `@countersign/guards` reads, so
 * that the two libraries need not know each other.
 */
export const PublicRoute = () => SetMetadata('countersign:requirement', [{ kind: 'public' }]);
