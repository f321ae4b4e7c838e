using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Registers the drain sequence for one host: on its builder, or on the web host's builder for a <c>Startup</c> class.</summary>
/// <param name="Document">The file that builds the host.</param>
/// <param name="Model">Its semantic model.</param>
/// <param name="Form">How the host is made.</param>
/// <param name="Build">The call that builds it.</param>
/// <param name="WebConfiguration">For <see cref="HostForm.GenericWebHost"/>: its <c>ConfigureWebHostDefaults</c> call, in the same file.</param>
internal sealed record DrainRegistration(Document Document, SemanticModel Model, HostForm Form, InvocationExpressionSyntax? Build, InvocationExpressionSyntax? WebConfiguration)
{
    private RuntimeExtension Extension =>
        Form is HostForm.WebApplication or HostForm.WebApplicationCreate ? RuntimeExtension.AddToWebApplication : RuntimeExtension.UseOnWebHost;

    /// <summary>The host that a diagnostic names, with the slots of its places; null where it needs no drain.</summary>
    public static DrainRegistration? Of(FixSite site, int buildSlot, int webSlot)
    {
        if (site.Fact(HostBuildDiagnostic.Form) is not { } form || site.Anywhere<InvocationExpressionSyntax>(buildSlot) is not { } build)
            return null;

        var web = site.Anywhere<InvocationExpressionSyntax>(webSlot) is { } found && found.Document.Id == build.Document.Id ? found.Node : null;
        return new(build.Document, build.Model, Parse(form), build.Node, web);
    }

    /// <summary>The form that a diagnostic's property names; a worker's where it names none.</summary>
    public static HostForm Parse(string? form) => Enum.TryParse<HostForm>(form, out var parsed) ? parsed : HostForm.Worker;

    public bool CanAdd() =>
        Form switch
        {
            HostForm.WebApplication or HostForm.WebHost => Build?.Expression is MemberAccessExpressionSyntax,
            HostForm.WebApplicationCreate => Build is not null,
            HostForm.GenericWebHost => WebConfiguration?.ArgumentList.Arguments is [{ } configure, ..]
                && configure.Expression is AnonymousFunctionExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax,
            _ => false,
        }
        && Extension.IsReferenced(Model.Compilation);

    /// <summary>Makes the edit; once for one host, however many diagnostics ask for it.</summary>
    public async Task AddAsync(FixEdit edit)
    {
        var build = Build!;
        if (!edit.Once((nameof(DrainRegistration), build.SyntaxTree.FilePath, (WebConfiguration ?? build).SpanStart)))
            return;

        var editor = await edit.EditorAsync(Document).ConfigureAwait(false);
        edit.Import(Document, Model, build.SpanStart, Extension.Namespace);

        switch (Form)
        {
            case HostForm.WebApplication when Receiver(build) is IdentifierNameSyntax builder && Statements.CanInsertBefore(build):
                Statements.InsertBefore(editor, build, Statement(builder.WithoutTrivia(), Extension));
                break;

            case HostForm.WebApplication or HostForm.WebHost:
                editor.ReplaceNode(Receiver(build), (node, _) => Chains.Append((ExpressionSyntax)node, Extension.Method));
                break;

            case HostForm.WebApplicationCreate:
                editor.ReplaceNode(build, (node, _) => FromCreate((InvocationExpressionSyntax)node, Extension));
                break;

            case HostForm.GenericWebHost:
                editor.ReplaceNode(WebConfiguration!.ArgumentList.Arguments[0].Expression, (node, _) => Configure((ExpressionSyntax)node, Extension));
                break;
        }
    }

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
