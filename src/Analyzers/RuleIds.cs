namespace ShutdownAnalyzers;

/// <summary>The ids of all rules. An id is never reused, and its meaning never changes.</summary>
internal static class RuleIds
{
    public const string MissingDrainSequence = "SHUT101";
    public const string NoTerminationSignal = "SHUT102";
    public const string ExitInHandler = "SHUT103";
    public const string ProcessExitAsSignalHook = "SHUT104";
    public const string CancelKeyPressKillsProcess = "SHUT105";
    public const string SignalRegistrationLost = "SHUT106";
    public const string SignalHandlerDoesNotCancel = "SHUT107";
    public const string AsyncShutdownCallback = "SHUT108";
    public const string DelayEatsShutdownTimeout = "SHUT110";
    public const string LifetimeRegisteredAfterDrain = "SHUT112";
    public const string CleanupAfterRun = "SHUT114";
    public const string HostNotAwaited = "SHUT109";
    public const string HostStoppedFromInside = "SHUT111";
    public const string ProcessExitWaitsForHost = "SHUT113";
    public const string WorkIgnoresHostStop = "SHUT115";
    public const string EndlessLoopIgnoresStop = "SHUT201";
    public const string WaitIgnoresStoppingToken = "SHUT202";
    public const string CancellationSwallowed = "SHUT203";
    public const string CancellationLoggedAsError = "SHUT204";
    public const string StopAsyncSkipsBase = "SHUT205";
    public const string StopAsyncUnbounded = "SHUT208";
    public const string ShutdownTimeoutUnsafe = "SHUT209";
    public const string StopAsyncThrowsAtTimeout = "SHUT214";
    public const string UntrackedWork = "SHUT206";
    public const string StartTokenOutlivesStart = "SHUT207";
    public const string AsyncTimerCallback = "SHUT210";
    public const string ServiceStopsBeforeServer = "SHUT211";
    public const string ForegroundThread = "SHUT212";
    public const string ChannelItemsDropped = "SHUT213";
    public const string InstanceNotDisposedByContainer = "SHUT301";
    public const string PoolNeverClosed = "SHUT302";
    public const string ProducerNotFlushed = "SHUT303";
    public const string ConsumerNotClosed = "SHUT304";
    public const string LogNotFlushed = "SHUT305";
    public const string ProcessorNeverStopped = "SHUT306";
    public const string AsyncOnlyDisposable = "SHUT307";
    public const string ReadinessIgnoresShutdown = "SHUT401";
    public const string HealthIgnoresShutdown = "SHUT402";
    public const string LivenessFailsOnShutdown = "SHUT403";
    public const string NoReadinessEndpoint = "SHUT404";
    public const string ProbesOnlyInDevelopment = "SHUT405";
    public const string StreamIgnoresDrain = "SHUT501";
    public const string WorkOutlivesRequest = "SHUT502";
}
