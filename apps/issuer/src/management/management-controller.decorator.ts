import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ManagementErrorsFilter } from './management-errors.filter.js';

/**
 * A controller whose errors have the form of Auth0's management API.
 *
 * @param path from the root, without a slash in front; default the root
 */
export const ManagementController = (path = ''): ClassDecorator =>
  applyDecorators(Controller(path), UseFilters(ManagementErrorsFilter));
