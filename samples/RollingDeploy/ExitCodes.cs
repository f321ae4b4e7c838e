namespace RollingDeploy;

internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The fixed version lost a request, or the fixes left a warning.</summary>
    public const int FixedVersionFails = 1;

    /// <summary>Something that the demonstration needs is missing or doesn't work.</summary>
    public const int Environment = 2;

    /// <summary>The version without fixes lost nothing, so that this run proves nothing.</summary>
    public const int NothingShown = 3;

    public const int Interrupted = 130;
}

/// <summary>Not the product's fault: the SDK, the machine or the network. The message is for the user.</summary>
internal sealed class EnvironmentException(string message) : Exception(message);
