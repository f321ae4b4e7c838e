namespace ShutdownAnalyzers;

/// <summary>The ids of all rules. An id is never reused, and its meaning never changes.</summary>
internal static class RuleIds
{
    public const string MissingDrainSequence = "SHUT101";
    public const string ExitInHandler = "SHUT103";
    public const string ProcessExitAsSignalHook = "SHUT104";
    public const string CancelKeyPressKillsProcess = "SHUT105";
    public const string SignalRegistrationLost = "SHUT106";
    public const string SignalHandlerDoesNotCancel = "SHUT107";
    public const string AsyncShutdownCallback = "SHUT108";
    public const string DelayEatsShutdownTimeout = "SHUT110";
    public const string LifetimeRegisteredAfterDrain = "SHUT112";
    public const string CleanupAfterRun = "SHUT114";
    public const string EndlessLoopIgnoresStop = "SHUT201";
    public const string WaitIgnoresStoppingToken = "SHUT202";
    public const string CancellationSwallowed = "SHUT203";
    public const string CancellationLoggedAsError = "SHUT204";
    public const string StopAsyncSkipsBase = "SHUT205";
    public const string StopAsyncUnbounded = "SHUT208";
    public const string ShutdownTimeoutUnsafe = "SHUT209";
    public const string StopAsyncThrowsAtTimeout = "SHUT214";
    public const string InstanceNotDisposedByContainer = "SHUT301";
    public const string PoolNeverClosed = "SHUT302";
    public const string ReadinessIgnoresShutdown = "SHUT401";
    public const string HealthIgnoresShutdown = "SHUT402";
    public const string LivenessFailsOnShutdown = "SHUT403";
    public const string NoReadinessEndpoint = "SHUT404";
    public const string ProbesOnlyInDevelopment = "SHUT405";
    public const string GracePeriodTooShort = "SHUT601";
    public const string NoDrainDelay = "SHUT602";
    public const string NoReadinessProbe = "SHUT603";
    public const string ProbesShareEndpoint = "SHUT604";
    public const string ProbePathNotMapped = "SHUT605";
    public const string PreStopNeedsShell = "SHUT606";
    public const string RolloutReducesCapacity = "SHUT607";
    public const string DelayPaidTwice = "SHUT608";
    public const string ReadinessSlowerThanDelay = "SHUT609";
    public const string ShellFormEntrypoint = "SHUT611";
    public const string ShellHidesSignal = "SHUT612";
    public const string StopSignalNotHandled = "SHUT613";
    public const string RunsUnderSdk = "SHUT614";
    public const string ComposeGraceTooShort = "SHUT621";
    public const string SystemdTimeoutTooShort = "SHUT631";
    public const string ShutdownSettingsInvalid = "SHUT641";
}
