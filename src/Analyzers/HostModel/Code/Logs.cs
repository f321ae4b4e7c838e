using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Recognizes calls that log, of whatever library.</summary>
internal static class Logs
{
    /// <summary>Whether <paramref name="call"/> writes to a log at warning or above.</summary>
    public static bool IsWarningOrAbove(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Name is "LogWarning" or "LogError" or "LogCritical")
            return true;
        if (method.Name is "Warning" or "Warn" or "Error" or "Fatal" or "Critical" or "WarningFormat" or "ErrorFormat" or "FatalFormat" or "WarnFormat")
            return method.ContainingType.Name is "ILogger" or "Log" or "Logger" or "ILog" or "LoggerExtensions";
        if (method.Name == "Log")
        {
            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter?.Type.Name == "LogLevel" && Values.WalkDown(argument.Value) is IFieldReferenceOperation { Field.Name: "Warning" or "Warn" or "Error" or "Critical" or "Fatal" })
                    return true;
            }

            return false;
        }

        return HasLoggerMessage(method);
    }

    // [LoggerMessage(Level = LogLevel.Error, ...)]; the levels are 3 and above.
    private static bool HasLoggerMessage(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass?.Name != "LoggerMessageAttribute")
                continue;

            foreach (var named in attribute.NamedArguments)
            {
                if (named.Key == "Level")
                    return named.Value.Value is int and >= 3;
            }

            foreach (var argument in attribute.ConstructorArguments)
            {
                if (argument.Type?.Name == "LogLevel")
                    return argument.Value is int and >= 3;
            }
        }

        return false;
    }
}
