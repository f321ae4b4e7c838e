using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;
using ShutdownAnalyzers.Probes;

namespace ShutdownAnalyzers.Editing;

/// <summary>The edits that mend a health endpoint. Where the drain isn't registered yet it is, since the library's probes refuse to start without it.</summary>
internal static class ProbeEdit
{
    public static string TitleFor(Diagnostic diagnostic) => EditOf(diagnostic) switch
    {
        ProbeDiagnostic.MapReadiness => "Map the readiness probe with MapReadiness",
        ProbeDiagnostic.MapLiveness => "Map the liveness probe with MapLiveness",
        ProbeDiagnostic.MapBoth => "Map readiness and liveness",
        ProbeDiagnostic.DropTag => "Take the check out of liveness",
        _ => "Add the shutdown check",
    };

    public static bool CanFix(FixSite site)
    {
        if (!NeedsNoDrain(site) && DrainOf(site)?.CanAdd() != true)
            return false;

        return EditOf(site.Diagnostic) switch
        {
            ProbeDiagnostic.MapReadiness => RuntimeExtension.MapReadiness.IsReferenced(site.Model.Compilation) && CanReplace(Mapping(site)),
            ProbeDiagnostic.MapLiveness => RuntimeExtension.MapLiveness.IsReferenced(site.Model.Compilation) && CanReplace(Mapping(site)),
            ProbeDiagnostic.MapBoth => RuntimeExtension.MapReadiness.IsReferenced(site.Model.Compilation)
                && (site.Additional<IfStatementSyntax>(ProbeDiagnostic.Checks) is { } condition ? Statements.CanInsertBefore(condition) : Mapping(site) is { } run && Statements.CanInsertBefore(run)),
            ProbeDiagnostic.DropTag => site.Additional<LiteralExpressionSyntax>(0) is { Parent: ArgumentSyntax or ExpressionElementSyntax or InitializerExpressionSyntax },
            ProbeDiagnostic.AddShutdownCheck => RuntimeExtension.AddShutdownCheck.IsReferenced(site.Model.Compilation) && site.Anywhere<InvocationExpressionSyntax>(ProbeDiagnostic.Checks) is not null,
            _ => false,
        };
    }

    public static async Task FixAsync(FixEdit edit, FixSite site)
    {
        if (DrainOf(site) is { } drain)
            await drain.AddAsync(edit).ConfigureAwait(false);

        switch (EditOf(site.Diagnostic))
        {
            case ProbeDiagnostic.MapReadiness:
                await ReplaceAsync(edit, site, RuntimeExtension.MapReadiness).ConfigureAwait(false);
                break;
            case ProbeDiagnostic.MapLiveness:
                await ReplaceAsync(edit, site, RuntimeExtension.MapLiveness).ConfigureAwait(false);
                break;
            case ProbeDiagnostic.MapBoth:
                await MapBothAsync(edit, site).ConfigureAwait(false);
                break;
            case ProbeDiagnostic.DropTag:
                await DropTagAsync(edit, site).ConfigureAwait(false);
                break;
            case ProbeDiagnostic.AddShutdownCheck:
                await AddCheckAsync(edit, site).ConfigureAwait(false);
                break;
        }
    }

    private static string? EditOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(ProbeDiagnostic.Edit, out var edit) ? edit : null;

    private static InvocationExpressionSyntax? Mapping(FixSite site) => site.Additional<InvocationExpressionSyntax>(ProbeDiagnostic.Mapping);

    private static bool NeedsNoDrain(FixSite site) => site.Fact(HostBuildDiagnostic.Form) is null;

    private static DrainRegistration? DrainOf(FixSite site) => DrainRegistration.Of(site, ProbeDiagnostic.Build, ProbeDiagnostic.WebConfiguration);

    /// <summary>A statement of its own: what the call returns has another type afterwards.</summary>
    private static bool CanReplace(InvocationExpressionSyntax? mapping) =>
        mapping is { Expression: MemberAccessExpressionSyntax, ArgumentList.Arguments: [{ NameColon: null }, ..] }
        && Outermost(mapping).Parent is ExpressionStatementSyntax;

    private static ExpressionSyntax Outermost(ExpressionSyntax call)
    {
        while (call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } access && access.Expression == call)
            call = next;
        return call;
    }

    private static async Task ReplaceAsync(FixEdit edit, FixSite site, RuntimeExtension extension)
    {
        var mapping = Mapping(site)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        edit.Import(site.Document, site.Model, mapping.SpanStart, extension.Namespace);

        var access = (MemberAccessExpressionSyntax)mapping.Expression;
        ExpressionSyntax replaced = SyntaxFactory.InvocationExpression(
            access.WithName(SyntaxFactory.IdentifierName(extension.Method).WithTriviaFrom(access.Name)),
            mapping.ArgumentList.WithArguments(SyntaxFactory.SingletonSeparatedList(mapping.ArgumentList.Arguments[0].WithoutTrivia())));

        // Conventions stay where any endpoint can have them; those of a route handler alone (Produces, Accepts) say nothing of a probe.
        ExpressionSyntax current = mapping;
        while (current.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } convention && convention.Expression == current)
        {
            if (FitsAnyEndpoint(site.Model, next))
                replaced = next.WithExpression(convention.WithExpression(replaced.WithTrailingTrivia(current.GetTrailingTrivia())));
            current = next;
        }

        editor.ReplaceNode(current, replaced.WithTriviaFrom(current));
    }

    private static bool FitsAnyEndpoint(SemanticModel model, InvocationExpressionSyntax convention)
    {
        if (model.GetSymbolInfo(convention).Symbol is not IMethodSymbol method)
            return false;

        if ((method.ReducedFrom ?? method) is not { IsExtensionMethod: true } extension)
            return method.ContainingType.Name == "IEndpointConventionBuilder";

        foreach (var overload in extension.ContainingType.GetMembers(method.Name))
        {
            if (overload is IMethodSymbol { IsExtensionMethod: true, Parameters: [{ Type: ITypeParameterSymbol or { Name: "IEndpointConventionBuilder" } }, ..] } fitting
                && fitting.Parameters.Length >= extension.Parameters.Length)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task AddCheckAsync(FixEdit edit, FixSite site)
    {
        var (document, model, chain) = site.Anywhere<InvocationExpressionSyntax>(ProbeDiagnostic.Checks)!.Value;
        var tag = site.Fact(ProbeDiagnostic.Tag);
        if (!edit.Once((nameof(ProbeEdit), document.Id, chain.SpanStart, tag)))
            return;

        var arguments = new List<ArgumentSyntax>();
        if (site.Fact(ProbeDiagnostic.CheckName) is { } name)
            arguments.Add(Text(name));
        if (tag is not null)
            arguments.Add(Text(tag));

        var editor = await edit.EditorAsync(document).ConfigureAwait(false);
        edit.Import(document, model, chain.SpanStart, RuntimeExtension.AddShutdownCheck.Namespace);
        editor.ReplaceNode(chain, (node, _) => Chains.Append((ExpressionSyntax)node, RuntimeExtension.AddShutdownCheck.Method, arguments));
    }

    private static async Task MapBothAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        edit.Import(site.Document, site.Model, site.Node.SpanStart, RuntimeExtension.MapReadiness.Namespace);

        // Without elastic trivia, at which the formatter would put empty lines between top-level statements.
        var app = SyntaxFactory.IdentifierName(site.Fact(ProbeDiagnostic.App)!).WithoutTrivia();
        StatementSyntax[] both =
        [
            SyntaxFactory.ExpressionStatement(Chains.Append(app, RuntimeExtension.MapReadiness.Method)).WithAdditionalAnnotations(Formatter.Annotation),
            SyntaxFactory.ExpressionStatement(Chains.Append(app, RuntimeExtension.MapLiveness.Method)).WithAdditionalAnnotations(Formatter.Annotation),
        ];

        if (site.Additional<IfStatementSyntax>(ProbeDiagnostic.Checks) is { } condition)
        {
            Statements.InsertAfter(editor, condition, both);
            return;
        }

        foreach (var statement in both)
            Statements.InsertBefore(editor, Mapping(site)!, statement);
    }

    /// <summary>Without its last tag a check would have none, and be run by nothing that selects by tag: then it belongs to readiness.</summary>
    private static async Task DropTagAsync(FixEdit edit, FixSite site)
    {
        var literal = site.Additional<LiteralExpressionSyntax>(0)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var isOnly = literal.Parent switch
        {
            InitializerExpressionSyntax initializer => initializer.Expressions.Count == 1,
            ExpressionElementSyntax { Parent: CollectionExpressionSyntax collection } => collection.Elements.Count == 1,
            // The argument before it is the check's name, or another tag.
            ArgumentSyntax { NameColon: null, Parent: ArgumentListSyntax list } => list.Arguments.Count <= 2,
            _ => true,
        };

        if (isOnly)
            editor.ReplaceNode(literal, literal.WithToken(SyntaxFactory.Literal(HealthChecks.ReadyTag).WithTriviaFrom(literal.Token)));
        else
            editor.RemoveNode(literal.Parent is InitializerExpressionSyntax ? literal : literal.Parent!);
    }

    private static ArgumentSyntax Text(string value) =>
        SyntaxFactory.Argument(SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(value)));
}
