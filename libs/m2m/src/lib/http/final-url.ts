import axios, { type InternalAxiosRequestConfig } from 'axios';
import type { Connection } from './connection.js';

/** The URL of a call with its base URL and parameters, as axios builds it. It is the one that is checked and sent. */
export function finalUrl(config: InternalAxiosRequestConfig, { base }: Connection): string {
  const { url = '', baseURL, paramsSerializer, allowAbsoluteUrls } = config;
  const params: unknown = config.params;
  const plain = params === undefined && baseURL === base.href && url.startsWith('/') && !url.startsWith('//');
  if (plain) return base.href.replace(/\/+$/, '') + url;
  return axios.getUri({
    url,
    ...(baseURL !== undefined && { baseURL }),
    params,
    ...(paramsSerializer && { paramsSerializer }),
    ...(allowAbsoluteUrls !== undefined && { allowAbsoluteUrls }),
  });
}
