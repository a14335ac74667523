/** Stops the boot of a hybrid app one of whose microservices would run without the guards of the app. */
export class HybridAppError extends Error {
  override readonly name = 'HybridAppError';
  /** Stable. */
  readonly code = 'app_config_not_inherited';

  constructor() {
    super(
      'A microservice is connected without the guards of the app.\n\n' +
        'Potential solutions:\n' +
        '- Let it have them: app.connectMicroservice(options, { inheritAppConfig: true }).\n' +
        "- Adopt this step by step: AuthModule.forRoot({ …, coverage: 'warn' }) logs this; its guarded handlers refuse every call.",
    );
  }
}
