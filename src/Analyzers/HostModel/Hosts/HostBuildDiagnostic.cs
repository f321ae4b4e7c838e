using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A diagnostic on the call that builds a host, with the facts that a fix needs to add to that host.</summary>
internal static class HostBuildDiagnostic
{
    /// <summary>The property that holds the <see cref="HostForm"/>.</summary>
    public const string Form = "form";

    /// <summary>Reports on the method name and its arguments; the web configuration's call, if any, is the first additional location.</summary>
    public static Diagnostic Create(DiagnosticDescriptor descriptor, HostBuild build) =>
        Diagnostic.Create(
            descriptor,
            Squiggle.WithArguments(build.Call),
            build.WebConfiguration is { } web ? [web.Syntax.GetLocation()] : [],
            ImmutableDictionary<string, string?>.Empty.Add(Form, build.Form.ToString()),
            Describe(build.Call));

    /// <summary>The call as a message names it.</summary>
    public static string Describe(IInvocationOperation call) =>
        call.TargetMethod is { IsStatic: true, IsExtensionMethod: false } method
            ? $"{method.ContainingType.Name}.{method.Name}"
            : Values.SymbolOf(Values.Receiver(call)) is { } receiver ? $"{receiver.Name}.{call.TargetMethod.Name}" : call.TargetMethod.Name;
}
