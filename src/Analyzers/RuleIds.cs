namespace ShutdownAnalyzers;

/// <summary>The ids of all rules. An id is never reused, and its meaning never changes.</summary>
internal static class RuleIds
{
    public const string MissingDrainSequence = "SHUT101";
    public const string ExitInHandler = "SHUT103";
    public const string AsyncShutdownCallback = "SHUT108";
    public const string InstanceNotDisposedByContainer = "SHUT301";
    public const string PoolNeverClosed = "SHUT302";
    public const string ReadinessIgnoresShutdown = "SHUT401";
    public const string HealthIgnoresShutdown = "SHUT402";
    public const string LivenessFailsOnShutdown = "SHUT403";
    public const string NoReadinessEndpoint = "SHUT404";
    public const string ProbesOnlyInDevelopment = "SHUT405";
}
