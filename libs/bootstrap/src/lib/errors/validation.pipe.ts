import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ServiceException } from './service.exception.js';

const maxProblems = 20;

/**
 * Validates whatever `@Body`, `@Param` and `@Query` give a `schema` for, and answers 400 `input_invalid` with every
 * problem (the first 20 of them) where it does not hold.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const messages = issues.slice(0, maxProblems).map(({ message, path }) => {
        const at = path
          ?.map((segment) => String(typeof segment === 'object' ? segment.key : segment))
          .join('.');
        return at ? `${at}: ${message}` : message;
      });
      const left = issues.length - messages.length;
      return new ServiceException(
        400,
        'input_invalid',
        left > 0 ? [...messages, `and ${left} more`] : messages,
      );
    },
  });
}
