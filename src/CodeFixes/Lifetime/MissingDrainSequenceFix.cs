using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT101: registers the drain sequence on the builder, or on the web host's builder for a <c>Startup</c> class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class MissingDrainSequenceFix() : ShutdownCodeFix("Add the drain sequence", RuleIds.MissingDrainSequence)
{
    private protected override bool CanFix(FixSite site) =>
        FormOf(site) switch
        {
            HostForm.WebApplication or HostForm.WebHost => BuildCall(site)?.Expression is MemberAccessExpressionSyntax,
            HostForm.WebApplicationCreate => BuildCall(site) is not null,
            HostForm.GenericWebHost => site.Additional<InvocationExpressionSyntax>(0)?.ArgumentList.Arguments is [{ } configure, ..]
                && configure.Expression is AnonymousFunctionExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax,
            _ => false,
        }
        && ExtensionFor(site).IsReferenced(site.Model.Compilation);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var extension = ExtensionFor(site);
        var build = BuildCall(site)!;
        edit.Import(site.Document, site.Model, build.SpanStart, extension.Namespace);

        switch (FormOf(site))
        {
            case HostForm.WebApplication when Receiver(build) is IdentifierNameSyntax builder && Statements.CanInsertBefore(build):
                Statements.InsertBefore(editor, build, Statement(builder.WithoutTrivia(), extension));
                break;

            case HostForm.WebApplication or HostForm.WebHost:
                editor.ReplaceNode(Receiver(build), (node, _) => Chains.Append((ExpressionSyntax)node, extension.Method));
                break;

            case HostForm.WebApplicationCreate:
                editor.ReplaceNode(build, (node, _) => FromCreate((InvocationExpressionSyntax)node, extension));
                break;

            case HostForm.GenericWebHost:
                var configuration = site.Additional<InvocationExpressionSyntax>(0)!;
                if (edit.Once(configuration))
                    editor.ReplaceNode(configuration.ArgumentList.Arguments[0].Expression, (node, _) => Configure((ExpressionSyntax)node, extension));
                break;
        }
    }

    private static HostForm FormOf(FixSite site) =>
        Enum.TryParse<HostForm>(site.Fact(HostBuildDiagnostic.Form), out var form) ? form : HostForm.Worker;

    private static RuntimeExtension ExtensionFor(FixSite site) =>
        FormOf(site) is HostForm.WebApplication or HostForm.WebApplicationCreate ? RuntimeExtension.AddToWebApplication : RuntimeExtension.UseOnWebHost;

    private static InvocationExpressionSyntax? BuildCall(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    private static ExpressionSyntax Receiver(InvocationExpressionSyntax call) => ((MemberAccessExpressionSyntax)call.Expression).Expression;

    // WebApplication.Create(args) -> WebApplication.CreateBuilder(args).AddGracefulShutdown().Build()
    private static SyntaxNode FromCreate(InvocationExpressionSyntax create, RuntimeExtension extension)
    {
        var name = SyntaxFactory.IdentifierName("CreateBuilder");
        ExpressionSyntax createBuilder = create.Expression is MemberAccessExpressionSyntax access ? access.WithName(name) : name;
        var arguments = create.ArgumentList.WithArguments(
            SyntaxFactory.SeparatedList(create.ArgumentList.Arguments.Select(argument => argument.WithNameColon(null))));
        var builder = SyntaxFactory.InvocationExpression(createBuilder.WithoutTrailingTrivia(), arguments.WithoutTrailingTrivia());
        return Chains.Append(Chains.Append(builder, extension.Method), "Build").WithTriviaFrom(create);
    }

    private static ExpressionSyntax Configure(ExpressionSyntax configure, RuntimeExtension extension)
    {
        switch (configure)
        {
            case AnonymousFunctionExpressionSyntax { Block: { } block } function when Parameter(function) is { } parameter:
                return function.WithBlock(block.AddStatements(Statement(SyntaxFactory.IdentifierName(parameter), extension)))
                    .WithAdditionalAnnotations(Formatter.Annotation);

            case AnonymousFunctionExpressionSyntax { ExpressionBody: { } body } function:
                return function.WithExpressionBody(Chains.Append(body, extension.Method));

            default:
                // A method group: it stays, and the drain comes after it.
                var name = SyntaxFactory.Identifier("webBuilder");
                var called = SyntaxFactory.InvocationExpression(
                    configure.WithoutTrivia(),
                    SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(SyntaxFactory.IdentifierName(name)))));
                return SyntaxFactory.SimpleLambdaExpression(SyntaxFactory.Parameter(name))
                    .WithBlock(SyntaxFactory.Block(
                        SyntaxFactory.ExpressionStatement(called),
                        Statement(SyntaxFactory.IdentifierName(name), extension)))
                    .WithTriviaFrom(configure)
                    .WithAdditionalAnnotations(Formatter.Annotation);
        }
    }

    private static string? Parameter(AnonymousFunctionExpressionSyntax function) => function switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter.Identifier.Text,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [.., var last] } => last.Identifier.Text,
        AnonymousMethodExpressionSyntax { ParameterList.Parameters: [.., var last] } => last.Identifier.Text,
        _ => null,
    };

    private static StatementSyntax Statement(ExpressionSyntax receiver, RuntimeExtension extension) =>
        SyntaxFactory.ExpressionStatement(Chains.Append(receiver, extension.Method)).WithAdditionalAnnotations(Formatter.Annotation);
}
