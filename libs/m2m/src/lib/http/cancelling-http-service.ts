import { HttpService } from '@nestjs/axios';
import axios, { type AxiosPromise, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { Observable } from 'rxjs';

/**
 * An `HttpService` that cancels a call whose subscriber leaves before it is answered. Nest's own cancels it when it has
 * long been answered, too, which makes an error with its stack for every call.
 */
export class CancellingHttpService extends HttpService {
  protected override makeObservable<T>(
    call: (...args: unknown[]) => AxiosPromise<T>,
    ...args: unknown[]
  ): Observable<AxiosResponse<T>> {
    return new Observable((subscriber) => {
      const config: AxiosRequestConfig = { ...(args.at(-1) as AxiosRequestConfig | undefined) };
      const { token, cancel } = axios.CancelToken.source();
      config.cancelToken ??= token;
      let settled = false;
      call(...args.slice(0, -1), config).then(
        (response) => {
          settled = true;
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => {
          settled = true;
          subscriber.error(error);
        },
      );
      return () => {
        if (!settled) cancel();
      };
    });
  }
}
