using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT306: stops the processor in a cleanup handler, or in a <c>finally</c> where there is no host.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ProcessorNeverStoppedFix() : ShutdownCodeFix("Stop it when the program stops", RuleIds.ProcessorNeverStopped)
{
    private const string Stage = "StopIntake";

    private protected override bool CanFix(FixSite site) => CleanupCalls.CanClose(site) && (CanInsertLastCall(site) || AfterStart(site) is not null);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        if (CanInsertLastCall(site))
        {
            await LastCalls.InsertAsync(edit, site, $"{site.Fact(Release.Method)}({site.Fact(Release.Arguments)})", Stage, isAwaited: IsAwaited(site)).ConfigureAwait(false);
            return;
        }

        var (statement, processor, access) = AfterStart(site)!.Value;
        await access.InjectAsync(edit).ConfigureAwait(false);
        edit.Import(site.Document, site.Model, statement.SpanStart, CleanupCalls.RuntimeNamespace);
        var handler = CleanupCalls.Handler(site, "_", processor, mayBeNull: false);
        Statements.InsertAfter(
            await edit.EditorAsync(site.Document).ConfigureAwait(false),
            statement,
            CleanupCalls.Statement($"{access.Expression}.OnCleanup({CleanupCalls.Name(site)}, {handler}, CleanupStage.{Stage});"));
    }

    private static bool IsAwaited(FixSite site) => site.Fact(Release.Returns) != "void";

    /// <summary>An asynchronous stop needs a method that can await it.</summary>
    private static bool CanInsertLastCall(FixSite site) =>
        LastCalls.CanInsert(site)
        && (site.Fact(LastCall.Form) == LastCall.InCleanup || !IsAwaited(site) || Functions.Around(site.Node) is null || Functions.IsAsync(site.Node));

    /// <summary>A cleanup handler right after the start, where the service for it is in reach or can be injected.</summary>
    private static (StatementSyntax Statement, string Processor, ServiceAccess Access)? AfterStart(FixSite site)
    {
        if (site.Fact(ProcessorNeverStopped.Drain) is null
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax processor } } start
            || start.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement
            || site.Model.GetTypeInfo(processor).Nullability.FlowState == NullableFlowState.MaybeNull
            || site.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
        {
            return null;
        }

        var sources = member is ConstructorDeclarationSyntax ? ServiceSources.Reach : ServiceSources.Constructor;
        return ServiceAccess.Find(site, Service.GracefulShutdown, start, null, sources) is { } access ? (statement, processor.Identifier.ValueText, access) : null;
    }
}
