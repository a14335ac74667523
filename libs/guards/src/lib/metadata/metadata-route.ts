import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { metadataUrl, protectedResource } from './protected-resource.js';

/**
 * Serves the metadata of RFC 9728 to anybody, where the module was told its public URL. It is no controller: a
 * well-known path takes no global prefix and no version.
 */
@Injectable()
export class MetadataRoute implements OnModuleInit {
  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const { publicUrl } = this.settings;
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (publicUrl === undefined || !adapter) return;
    const metadata = protectedResource(publicUrl, this.settings);
    adapter.get(metadataUrl(publicUrl).pathname, (_request: unknown, response: unknown) => {
      adapter.setHeader(response, 'cache-control', 'public, max-age=3600');
      return adapter.reply(response, metadata, 200) as unknown;
    });
  }
}
