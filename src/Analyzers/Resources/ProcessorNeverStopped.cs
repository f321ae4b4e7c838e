using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT306: a message processor, scheduler, bus or job server that is started and never stopped. It takes in work until the process is gone,
/// and what it is working on then is cut off.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProcessorNeverStopped() : ShutdownAnalyzer(Gate.Executable | Gate.Resources, Descriptor)
{
    /// <summary>The property that is there where the drain sequence is registered.</summary>
    internal const string Drain = "drain";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProcessorNeverStopped,
        Category.Resources,
        "A processor is started and never stopped",
        "Nothing stops this {0}: it takes in work while the program stops, and what it is working on is cut off",
        "A processor that takes in work by itself goes on until it is told to stop. Without that, messages and jobs are begun while the process ends.");

    private static readonly HashSet<string> Starts = ResourceTable.StartNames;

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        RegisterCalls(context, host, Starts, (file, start) => AnalyzeStart(file, host, start));
        context.RegisterSemanticModelAction(file =>
        {
            // Where the type is named at all: 'new()' doesn't say what it makes.
            if (!SourceIndex.UsesIn(file.SemanticModel.SyntaxTree, ResourceTable.SelfStarting).Any())
                return;

            foreach (var node in file.SemanticModel.SyntaxTree.GetRoot(file.CancellationToken).DescendantNodes())
            {
                if (node is BaseObjectCreationExpressionSyntax && host.Index.Operation(node) is { } creation)
                    AnalyzeCreation(file, host, creation);
            }
        });
    }

    private static void AnalyzeStart(SemanticModelAnalysisContext context, HostFacts host, IInvocationOperation start)
    {
        if (Values.Unconditional(Values.Receiver(start)) is not { } processor
            || host.Resources.Find(processor.Type, start.Syntax.SyntaxTree) is not { Kind: ResourceKind.Processor } resource
            || Array.IndexOf(resource.Start, start.TargetMethod.Name) < 0)
        {
            return;
        }

        var variable = Values.SymbolOf(processor);
        var creation = variable is null ? host.Ownership.CreationIn(processor) : host.Ownership.CreationOf(variable);
        if (creation is null || IsHosted(host, resource, creation) || (resource.IsShared && IsStoppedSomewhere(host, resource)))
            return;

        var stopped = Ending.Stopped(resource);
        if (variable is not null && (host.Ownership.IsReleased(variable, stopped) || host.Ownership.IsReleasedAsService(variable, stopped) || !IsFirstStart(host, variable, start)))
            return;

        // MassTransit's start returns a handle to stop the bus by.
        if (Creations.VariableOf(start) is { } handle && host.Ownership.IsReleased(handle, stopped))
            return;

        Report(context, host, Squiggle.Of(start), resource, processor.Type!, variable);
    }

    private static void AnalyzeCreation(SemanticModelAnalysisContext context, HostFacts host, IOperation creation)
    {
        if (host.Resources.MadeBy(creation) is not { Kind: ResourceKind.Processor, Start: [] } resource)
            return;

        var stopped = Ending.Stopped(resource);
        if (host.Ownership.IsReleased(creation, stopped)
            || (InstanceRegistration.Around(creation) is { } registration && host.Ownership.IsServiceReleased(registration.Service ?? creation.Type!, creation.Type, stopped)))
        {
            return;
        }

        var variable = Creations.VariableOf(creation);
        if (variable is not null && host.Ownership.IsReleasedAsService(variable, stopped))
            return;

        var location = creation.Syntax is ObjectCreationExpressionSyntax { Type: var type } ? type.GetLocation() : creation.Syntax.GetLocation();
        Report(context, host, location, resource, creation.Type!, variable);
    }

    private static void Report(SemanticModelAnalysisContext context, HostFacts host, Location location, ResourceType resource, ITypeSymbol type, ISymbol? variable)
    {
        var facts = Release.Facts(host.Resources, type, resource);
        if (host.Drain.IsRegistered)
            facts = facts.Add(Drain, "true");

        SyntaxNode? place = null;
        if (variable is not null)
            (facts, place) = LastCall.For(host, variable, facts);
        context.ReportDiagnostic(Diagnostic.Create(Descriptor, location, place is null ? [] : [place.GetLocation()], facts, resource.ShortName));
    }

    /// <summary>Started and stopped by the library's own hosted service; or made by a factory that somebody else sets up.</summary>
    private static bool IsHosted(HostFacts host, ResourceType resource, IOperation creation)
    {
        foreach (var name in resource.Hosting)
        {
            if (host.Index.Any(name))
                return true;
        }

        return resource.IsShared
            && creation is IInvocationOperation call
            && Values.Receiver(call) is { } factory
            && Values.SymbolOf(factory) is { } variable
            && (variable is IParameterSymbol || host.Ownership.IsInjected(variable))
            && !host.Index.Any("AddQuartz");
    }

    private static bool IsStoppedSomewhere(HostFacts host, ResourceType resource)
    {
        foreach (var name in resource.Stop)
        {
            foreach (var use in host.Index.Uses(name))
            {
                if (use.Parent is { } access
                    && host.Index.Operation(access) is IMethodReferenceOperation { Instance.Type: var borrowed }
                    && host.Resources.Find(borrowed, use.SyntaxTree) == resource)
                {
                    return true;
                }

                if (SourceIndex.InvocationOf(use) is { } syntax
                    && host.Index.Operation(syntax) is IInvocationOperation call
                    && host.Resources.Find(Values.Receiver(call)?.Type, use.SyntaxTree) == resource)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsFirstStart(HostFacts host, ISymbol variable, IInvocationOperation start)
    {
        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            if (Values.ConditionalCallOn(reference) is { TargetMethod.Name: var name } call && Starts.Contains(name))
                return call.Syntax == start.Syntax;
        }

        return true;
    }
}
