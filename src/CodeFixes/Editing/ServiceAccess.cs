using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>A service that fixes call.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">The type's simple name.</param>
/// <param name="Namespace">The type's namespace.</param>
/// <param name="Parameter">The name that a parameter of it gets.</param>
internal sealed record Service(KnownType Type, string Name, string Namespace, string Parameter)
{
    public static readonly Service HostLifetime = new(KnownType.IHostApplicationLifetime, "IHostApplicationLifetime", "Microsoft.Extensions.Hosting", "lifetime");

    /// <summary>The request, which the routing gives to a handler that asks for it.</summary>
    public static readonly Service Request = new(KnownType.HttpContext, "HttpContext", "Microsoft.AspNetCore.Http", "context");

    public static readonly Service GracefulShutdown = new(KnownType.IGracefulShutdown, "IGracefulShutdown", "ShutdownAnalyzers.Runtime", "shutdown");
}

/// <summary>Where a fix may take a service from; what is in reach already is always tried first.</summary>
[Flags]
internal enum ServiceSources
{
    /// <summary>A parameter, field, property or local of the type, or one that has it: an app, a host, a provider.</summary>
    Reach = 0,

    /// <summary>A new parameter of the handler, which is bound from the services.</summary>
    Parameter = 1,

    /// <summary>A new parameter of the constructor of the class, which the container creates.</summary>
    Constructor = 2,
}

/// <summary>How some code gets at a service, and the edit that is needed for it.</summary>
internal sealed class ServiceAccess
{
    private readonly Func<FixEdit, Task>? _inject;

    private ServiceAccess(ExpressionSyntax expression, Func<FixEdit, Task>? inject)
    {
        Expression = expression;
        _inject = inject;
    }

    /// <summary>The expression for the service at the use.</summary>
    public ExpressionSyntax Expression { get; }

    /// <summary>Makes the service reachable by that expression; nothing where it is.</summary>
    public Task InjectAsync(FixEdit edit) => _inject?.Invoke(edit) ?? Task.CompletedTask;

    /// <summary>The way to <paramref name="service"/> for code at <paramref name="use"/>, or null where there is none without doubt.</summary>
    /// <param name="site">The diagnostic.</param>
    /// <param name="service">The service.</param>
    /// <param name="use">Where it is used.</param>
    /// <param name="handler">The function that a parameter could be added to.</param>
    /// <param name="sources">Where it may come from beside what is in reach.</param>
    public static ServiceAccess? Find(FixSite site, Service service, SyntaxNode use, SyntaxNode? handler, ServiceSources sources)
    {
        var types = new KnownTypes(site.Model.Compilation);
        if (!types.Has(service.Type))
            return null;

        return InReach(site, types, service, use)
            ?? (sources.HasFlag(ServiceSources.Parameter) && handler is not null ? AsParameter(site, service, handler) : null)
            ?? (sources.HasFlag(ServiceSources.Constructor) ? ByConstructor(site, service, use) : null)
            ?? ThroughProvider(site, types, service, use);
    }

    /// <summary>The way to the request itself, which no container gives: what is in scope, or a new parameter of <paramref name="endpoint"/>.</summary>
    public static ServiceAccess? FindRequest(FixSite site, SyntaxNode use, SyntaxNode? endpoint)
    {
        var types = new KnownTypes(site.Model.Compilation);
        return InReach(site, types, Service.Request, use)
            ?? OfRequest(site, types, use)
            ?? (endpoint is null ? null : AsParameter(site, Service.Request, endpoint));
    }

    /// <summary><c>response.HttpContext</c> and the like.</summary>
    private static ServiceAccess? OfRequest(FixSite site, KnownTypes types, SyntaxNode use)
    {
        foreach (var (name, type) in Reachable(site, use))
        {
            if (types.Inherits(type, KnownType.ActionContext) || type is { Name: "HttpRequest" or "HttpResponse", ContainingNamespace: { Name: "Http", ContainingNamespace.Name: "AspNetCore" } })
                return new(SyntaxFactory.ParseExpression(name + ".HttpContext"), null);
        }

        return null;
    }

    /// <summary>What is in scope of the service's own type, or an app that has it as <c>Lifetime</c>.</summary>
    private static ServiceAccess? InReach(FixSite site, KnownTypes types, Service service, SyntaxNode use)
    {
        string? app = null;
        foreach (var (name, type) in Reachable(site, use))
        {
            if (types.Inherits(type, service.Type) || (service == Service.HostLifetime && (types.Inherits(type, KnownType.IApplicationLifetime) || types.Inherits(type, KnownType.IHostingApplicationLifetime))))
                return new(SyntaxFactory.IdentifierName(name), null);

            if (service == Service.HostLifetime && types.Is(type, KnownType.WebApplication))
                app ??= name + ".Lifetime";
        }

        return app is null ? null : new(SyntaxFactory.ParseExpression(app), null);
    }

    /// <summary><c>context.RequestServices.GetRequiredService&lt;T&gt;()</c> and the like.</summary>
    private static ServiceAccess? ThroughProvider(FixSite site, KnownTypes types, Service service, SyntaxNode use)
    {
        foreach (var (name, type) in Reachable(site, use))
        {
            var provider = types.Is(type, KnownType.HttpContext) ? name + ".RequestServices"
                : types.Inherits(type, KnownType.ActionContext) ? name + ".HttpContext.RequestServices"
                : types.Inherits(type, KnownType.IHost) || types.Inherits(type, KnownType.IWebHost) ? name + ".Services"
                : types.Inherits(type, KnownType.IApplicationBuilder) ? name + ".ApplicationServices"
                : types.Is(type, KnownType.IServiceProvider) ? name
                : null;
            if (provider is not null)
            {
                return new(SyntaxFactory.ParseExpression($"{provider}.GetRequiredService<{service.Name}>()"), edit =>
                {
                    edit.Import(site.Document, site.Model, use.SpanStart, "Microsoft.Extensions.DependencyInjection");
                    edit.Import(site.Document, site.Model, use.SpanStart, service.Namespace);
                    return Task.CompletedTask;
                });
            }
        }

        return null;
    }

    /// <summary>Names in scope at <paramref name="use"/> that are assigned there and never null, the nearest kinds first.</summary>
    private static IEnumerable<(string Name, ITypeSymbol Type)> Reachable(FixSite site, SyntaxNode use)
    {
        var found = new List<(int Rank, string Name, ITypeSymbol Type)>();
        foreach (var symbol in site.Model.LookupSymbols(use.SpanStart))
        {
            var (rank, type) = symbol switch
            {
                IParameterSymbol parameter => (0, parameter.Type),
                ILocalSymbol local => (0, local.Type),
                IFieldSymbol field => (1, field.Type),
                IPropertySymbol { GetMethod: not null, IsIndexer: false } property => (2, property.Type),
                _ => default((int, ITypeSymbol?)),
            };
            if (type is not null && type.TypeKind != TypeKind.Error && (type.NullableAnnotation != NullableAnnotation.Annotated || IsInferred(symbol)) && CanUse(site, symbol, use))
                found.Add((rank, symbol.Name, type));
        }

        return found.OrderBy(one => one.Rank).Select(one => (one.Name, one.Type));
    }

    private static bool CanUse(FixSite site, ISymbol symbol, SyntaxNode use)
    {
        if (symbol is ILocalSymbol or IParameterSymbol)
        {
            if (symbol.DeclaringSyntaxReferences is not [var reference] || reference.SyntaxTree != use.SyntaxTree)
                return false;

            var declaration = reference.GetSyntax();
            if (symbol is ILocalSymbol)
            {
                // Assigned where it is declared, and before the use.
                if (declaration is not VariableDeclaratorSyntax { Initializer: not null } || declaration.Span.End > use.SpanStart)
                    return false;

                // Top-level locals are in scope in the file's types, but can't be used there.
                if (declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>() is GlobalStatementSyntax && use.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is not null)
                    return false;
            }

            // A static lambda or local function captures nothing.
            foreach (var function in Function.Around(use))
            {
                if (function.Span.Contains(declaration.Span))
                    break;
                if (IsStatic(function))
                    return false;
            }
        }

        var bound = site.Model.GetSpeculativeSymbolInfo(use.SpanStart, SyntaxFactory.IdentifierName(symbol.Name), SpeculativeBindingOption.BindAsExpression).Symbol;
        return SymbolEqualityComparer.Default.Equals(bound, symbol);
    }

    // The type of a "var" may always be null, by the compiler's word.
    private static bool IsInferred(ISymbol symbol) =>
        symbol is ILocalSymbol
        && symbol.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax().Parent is VariableDeclarationSyntax { Type.IsVar: true };

    private static bool IsStatic(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };

    /// <summary>A parameter more for a lambda with explicit parameters, or for a method that only the routing calls.</summary>
    private static ServiceAccess? AsParameter(FixSite site, Service service, SyntaxNode handler)
    {
        ParameterListSyntax? list;
        switch (handler)
        {
            case ParenthesizedLambdaExpressionSyntax lambda:
                list = lambda.ParameterList;
                break;
            case AnonymousMethodExpressionSyntax anonymous:
                list = anonymous.ParameterList;
                break;
            case LocalFunctionStatementSyntax local when !IsCalled(site, local.Identifier.ValueText):
                list = local.ParameterList;
                break;
            case MethodDeclarationSyntax method when !IsCalled(site, method.Identifier.ValueText) && method.Modifiers.Any(SyntaxKind.StaticKeyword):
                list = method.ParameterList;
                break;
            default:
                return null;
        }

        if (list is null || list.Parameters.Any(parameter => parameter.Type is null))
            return null;

        var name = FreeName(service.Parameter, [handler]);
        return new(SyntaxFactory.IdentifierName(name), async edit =>
        {
            if (!edit.Once(("parameter", site.Document.Id, list.Span)))
                return;

            var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
            editor.ReplaceNode(list, (node, _) => AddParameter((ParameterListSyntax)node, service, name));
            edit.Import(site.Document, site.Model, handler.SpanStart, service.Namespace);
        });
    }

    private static bool IsCalled(FixSite site, string name)
    {
        foreach (var tree in site.Model.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is SimpleNameSyntax use && use.Identifier.ValueText == name && SourceIndex.InvocationOf(use) is not null)
                    return true;
            }
        }

        return false;
    }

    /// <summary>A parameter more for the constructor of the class; only where the container alone creates it.</summary>
    private static ServiceAccess? ByConstructor(FixSite site, Service service, SyntaxNode use)
    {
        if (use.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not ClassDeclarationSyntax declaration
            || site.Model.GetDeclaredSymbol(declaration) is not { IsAbstract: false, IsStatic: false } type
            || use.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not BaseTypeDeclarationSyntax) is not { } member
            || member.Modifiers.Any(SyntaxKind.StaticKeyword)
            || IsCreatedOrDerived(site, type))
        {
            return null;
        }

        var parts = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>().ToList();
        var name = FreeName(service.Parameter, parts);

        if (parts.FirstOrDefault(part => part.ParameterList is not null) is { ParameterList: { } primary })
        {
            return type.InstanceConstructors.Length != 1 ? null : new(SyntaxFactory.IdentifierName(name), edit =>
                EditAsync(edit, primary, node => AddParameter((ParameterListSyntax)node, service, name)));
        }

        var constructors = type.InstanceConstructors.Where(constructor => !constructor.IsImplicitlyDeclared).ToList();
        switch (constructors)
        {
            case [] when site.Model.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= (LanguageVersion)1200 }:
                return new(SyntaxFactory.IdentifierName(name), edit => EditAsync(edit, declaration, node => AddPrimaryConstructor((ClassDeclarationSyntax)node, service, name)));

            case []:
            case [{ DeclaringSyntaxReferences.Length: 1 }]:
                var constructor = constructors.Count == 0 ? null : constructors[0].DeclaringSyntaxReferences[0].GetSyntax() as ConstructorDeclarationSyntax;
                if ((constructors.Count > 0 && constructor is null) || constructor?.Initializer?.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword) == true)
                    return null;

                var field = FieldName(parts, name);
                var owner = constructor?.FirstAncestorOrSelf<ClassDeclarationSyntax>() ?? declaration;
                return new(SyntaxFactory.IdentifierName(field), edit => EditAsync(edit, owner, node => AddField((ClassDeclarationSyntax)node, service, name, field)));

            default:
                return null;
        }

        // The constructor can stand in another file than the use.
        async Task EditAsync(FixEdit edit, SyntaxNode target, Func<SyntaxNode, SyntaxNode> change)
        {
            if (!edit.Once(("constructor", target.SyntaxTree.FilePath, target.Span, service.Name))
                || site.Document.Project.GetDocument(target.SyntaxTree) is not { } document
                || await document.GetSemanticModelAsync(edit.Cancellation).ConfigureAwait(false) is not { } model)
            {
                return;
            }

            var editor = await edit.EditorAsync(document).ConfigureAwait(false);
            editor.ReplaceNode(target, (node, _) => change(node));
            edit.Import(document, model, target.SpanStart, service.Namespace);
        }
    }

    private static bool IsCreatedOrDerived(FixSite site, INamedTypeSymbol type)
    {
        foreach (var tree in site.Model.Compilation.SyntaxTrees)
        {
            SemanticModel? model = null;
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                switch (node)
                {
                    case ObjectCreationExpressionSyntax { Type: var created } when RightmostName(created) == type.Name:
                    case BaseTypeSyntax { Type: var derived } when RightmostName(derived) == type.Name:
                        return true;

                    case ImplicitObjectCreationExpressionSyntax implicitCreation:
                        model ??= site.Model.Compilation.GetSemanticModel(tree);
                        if (SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(implicitCreation).Type?.OriginalDefinition, type))
                            return true;
                        break;
                }
            }
        }

        return false;
    }

    private static string? RightmostName(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        _ => null,
    };

    private static ParameterListSyntax AddParameter(ParameterListSyntax list, Service service, string name)
    {
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(name))
            .WithType(SyntaxFactory.ParseTypeName(service.Name).WithTrailingTrivia(SyntaxFactory.Space));

        // Before what may be left out by callers.
        var index = 0;
        while (index < list.Parameters.Count && list.Parameters[index] is { Default: null } existing && !existing.Modifiers.Any(SyntaxKind.ParamsKeyword))
            index++;

        if (list.Parameters.Count == 0)
            return list.WithParameters(SyntaxFactory.SingletonSeparatedList(parameter));

        // Where each parameter stands on a line of its own, the new one does too.
        var neighbour = list.Parameters[index > 0 ? index - 1 : 0];
        if (list.Parameters.Count > 1 && neighbour.GetLeadingTrivia().Any(SyntaxKind.WhitespaceTrivia) && list.Parameters.GetSeparators().All(comma => comma.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia)))
        {
            var lineEnd = list.Parameters.GetSeparators().First().TrailingTrivia;
            var separators = list.Parameters.GetSeparators().Concat([SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(lineEnd)]);
            return list.WithParameters(SyntaxFactory.SeparatedList(list.Parameters.Insert(index, parameter.WithLeadingTrivia(neighbour.GetLeadingTrivia())), separators));
        }

        return list.WithParameters(list.Parameters.Insert(index, parameter)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    // class Worker : Base -> class Worker(T name) : Base
    private static ClassDeclarationSyntax AddPrimaryConstructor(ClassDeclarationSyntax type, Service service, string name)
    {
        var list = SyntaxFactory.ParseParameterList($"({service.Name} {name})");
        if (type.TypeParameterList is { } generics)
            return type.WithTypeParameterList(generics.WithoutTrailingTrivia()).WithParameterList(list.WithTrailingTrivia(generics.GetTrailingTrivia()));

        return type.WithIdentifier(type.Identifier.WithTrailingTrivia()).WithParameterList(list.WithTrailingTrivia(type.Identifier.TrailingTrivia));
    }

    private static ClassDeclarationSyntax AddField(ClassDeclarationSyntax type, Service service, string name, string field)
    {
        var endOfLine = Statements.EndOfLine(type);
        var assignment = SyntaxFactory.ParseStatement(field == name ? $"this.{field} = {name};" : $"{field} = {name};")
            .WithTrailingTrivia(endOfLine).WithAdditionalAnnotations(Formatter.Annotation);
        var constructor = type.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault(member => !member.Modifiers.Any(SyntaxKind.StaticKeyword));
        var lastField = type.Members.LastOrDefault(member => member is FieldDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.StaticKeyword) && !member.Modifiers.Any(SyntaxKind.ConstKeyword));

        if (constructor is null)
        {
            var added = (ConstructorDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"public {type.Identifier.ValueText}({service.Name} {name}){endOfLine}{{{endOfLine}}}")!;
            added = added.AddBodyStatements(assignment).WithTrailingTrivia(endOfLine, endOfLine).WithAdditionalAnnotations(Formatter.Annotation);
            var place = lastField is null ? 0 : type.Members.IndexOf(lastField) + 1;
            type = type.WithMembers(type.Members.Insert(place, added));
        }
        else
        {
            var changed = constructor.WithParameterList(AddParameter(constructor.ParameterList, service, name));
            if (changed.ExpressionBody is { } expression)
            {
                changed = changed.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(expression.Expression.WithoutTrivia()), assignment).WithTrailingTrivia(constructor.GetTrailingTrivia()))
                    .WithAdditionalAnnotations(Formatter.Annotation);
            }
            else
            {
                changed = changed.AddBodyStatements(assignment);
            }

            type = type.ReplaceNode(constructor, changed);
            lastField = type.Members.LastOrDefault(member => member is FieldDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.StaticKeyword) && !member.Modifiers.Any(SyntaxKind.ConstKeyword));
        }

        var declaration = (FieldDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"private readonly {service.Name} {field};")!;
        declaration = declaration.WithTrailingTrivia(lastField is null ? SyntaxFactory.TriviaList(endOfLine, endOfLine) : SyntaxFactory.TriviaList(endOfLine)).WithAdditionalAnnotations(Formatter.Annotation);
        return type.WithMembers(type.Members.Insert(lastField is null ? 0 : type.Members.IndexOf(lastField) + 1, declaration));
    }

    private static string FieldName(List<TypeDeclarationSyntax> parts, string parameter)
    {
        var fields = parts.SelectMany(part => part.Members.OfType<FieldDeclarationSyntax>())
            .Where(field => !field.Modifiers.Any(SyntaxKind.ConstKeyword) && !field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .SelectMany(field => field.Declaration.Variables)
            .ToList();
        return fields.Count > 0 && fields.All(field => !field.Identifier.ValueText.StartsWith("_", StringComparison.Ordinal)) ? parameter : "_" + parameter;
    }

    private static string FreeName(string wanted, IEnumerable<SyntaxNode> scopes)
    {
        var taken = new HashSet<string>(
            scopes.SelectMany(scope => scope.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText),
            StringComparer.Ordinal);
        var candidates = new[] { wanted, "host" + char.ToUpperInvariant(wanted[0]) + wanted.Substring(1), wanted + "Service" };
        return candidates.FirstOrDefault(candidate => !taken.Contains(candidate) && !taken.Contains("_" + candidate)) ?? wanted + "1";
    }
}
